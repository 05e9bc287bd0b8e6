import { type Benchmark, quantile, type Row } from './benchmark.js';
import type { TalkReport } from './callers/talker.js';
import { type Child, startChild } from './child.js';
import type { Progress } from './progress.js';
import type { CallsPlan } from './servers/calls.js';
import type { ServerReady } from './servers/listen.js';
import { withCallers } from './stage.js';

const SIZES = [
  { calls: 1, ms: 24_000 },
  { calls: 30, ms: 9_000 },
  { calls: 100, ms: 9_000 },
];
/** A server has had calls before: what is measured is not how long its code takes to be compiled. */
const WARM_UP = { calls: 30, ms: 4_000 };

/** The recogniser has answered long before the endpoint: it adds nothing to a turn. */
const PLAN: CallsPlan = {
  transport: 'audiosocket',
  endpointingMs: 300,
  interruptAfterMs: 300,
  ttftMs: 50,
  ttfbMs: 40,
  answerMs: 200,
};
const CONFIGURED_MS = PLAN.endpointingMs + PLAN.ttftMs + PLAN.ttfbMs;
const TALKING = { speakMs: 200, pauseMs: 200 };

export const turnOverhead: Benchmark = {
  name: 'turn',
  how: `From the last voiced frame of the caller to the first voiced frame of the answer, at the caller, minus the configured ${CONFIGURED_MS} ms (${PLAN.endpointingMs} endpointing, ${PLAN.ttftMs} model, ${PLAN.ttfbMs} voice). AudioSocket: up to 20 ms of it is waiting for the call's next frame time. Bare Node: the same waits as plain timers, at the same time.`,
  async run(progress) {
    const bare = await startChild<ServerReady>('./servers/bare-turns.js', PLAN);
    const ours = await startChild<ServerReady>('./servers/calls.js', PLAN);
    try {
      await talkToBoth(bare, ours, WARM_UP, progress);
      const rows: Row[] = [];
      for (const size of SIZES) rows.push(...rowsOf(size.calls, await talkToBoth(bare, ours, size, progress)));
      return rows;
    } finally {
      await Promise.all([bare.stop(), ours.stop()]);
    }
  },
};

interface Overheads {
  readonly bareMs: readonly number[];
  readonly oursMs: readonly number[];
}

function rowsOf(calls: number, { bareMs, oursMs }: Overheads): Row[] {
  return [0.5, 0.95].map((share) => ({
    name: `turn overhead p${share * 100}, ${calls} ${calls === 1 ? 'call' : 'calls'}`,
    value: quantile(oursMs, share),
    unit: 'ms',
    against: { name: 'plain timers', value: quantile(bareMs, share) },
    judgedBy: 'value',
  }));
}

type Server = Child & { readonly ready: ServerReady };

/** At the same time, so that both have the same machine. */
function talkToBoth(
  bare: Server,
  ours: Server,
  { calls, ms }: { readonly calls: number; readonly ms: number },
  progress: Progress,
): Promise<Overheads> {
  const callers = { transport: 'audiosocket', calls, behaviour: TALKING } as const;
  return withCallers(bare, bare.ready.port, callers, (toBare) =>
    withCallers(ours, ours.ready.port, callers, async (toOurs) => {
      await progress.wait(`turn: plain timers and ours, ${calls} calls each`, ms);
      return { bareMs: overheadsMs(await toBare.report()), oursMs: overheadsMs(await toOurs.report()) };
    }),
  );
}

function overheadsMs({ answersMs, failures }: TalkReport): number[] {
  if (failures > 0) throw new Error(`${failures} turns were not answered`);
  return answersMs.map((ms) => ms - CONFIGURED_MS);
}
