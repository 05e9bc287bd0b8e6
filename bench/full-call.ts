import type { Benchmark } from './benchmark.js';
import { cpuPercentDuring } from './child.js';
import type { Progress } from './progress.js';
import type { CallsPlan } from './servers/calls.js';
import { onStage } from './stage.js';

const CALLS = 100;
const WARM_UP_MS = 3_000;
const MEASURE_MS = 6_000;
const RATIO_MAX = 1.5;

const PLAN: CallsPlan = {
  transport: 'audiosocket',
  endpointingMs: 500,
  interruptAfterMs: 300,
  ttftMs: 100,
  ttfbMs: 80,
  answerMs: 3_000,
};
const TALKING = { speakMs: 2_000, pauseMs: 400 };

export const fullCall: Benchmark = {
  name: 'full-call',
  how: `${CALLS} calls over AudioSocket with conversation, playout and stub engines; the callers speak ${TALKING.speakMs / 1000} s, the answers last ${PLAN.answerMs / 1000} s. CPU per call, against bare echo with as many calls; mean of two runs of ${MEASURE_MS / 1000} s each.`,
  async run(progress) {
    const bare = [await echoCpu(progress)];
    const ours = [await callsCpu(progress), await callsCpu(progress)];
    bare.push(await echoCpu(progress));
    return [
      {
        name: `CPU per full call, stub engines, ${CALLS} calls`,
        value: mean(ours) / CALLS,
        unit: '% CPU',
        against: { name: 'bare echo', value: mean(bare) / CALLS },
        judgedBy: 'ratio',
        target: { max: RATIO_MAX },
      },
    ];
  },
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function echoCpu(progress: Progress): Promise<number> {
  const callers = { transport: 'audiosocket', calls: CALLS, behaviour: 'steady' } as const;
  return onStage('./servers/bare-echo.js', {}, callers, async ({ server }) => {
    await progress.wait('full-call: bare echo, warming up', WARM_UP_MS);
    return cpuPercentDuring(server, () => progress.wait(`full-call: bare echo, ${CALLS} calls`, MEASURE_MS));
  });
}

function callsCpu(progress: Progress): Promise<number> {
  const callers = { transport: 'audiosocket', calls: CALLS, behaviour: TALKING } as const;
  return onStage('./servers/calls.js', PLAN, callers, async ({ server, report }) => {
    await progress.wait('full-call: full calls, warming up', WARM_UP_MS);
    const cpu = await cpuPercentDuring(server, () => progress.wait(`full-call: ${CALLS} full calls`, MEASURE_MS));
    const { answersMs, failures } = await report();
    if (failures > 0 || answersMs.length < CALLS) throw new Error(`${failures} turns of the callers were not answered`);
    return cpu;
  });
}
