import fc from 'fast-check';

// Property tests explore the same cases on every run: a failure is never a matter of luck. FC_SEED explores others.
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_260_101) });
