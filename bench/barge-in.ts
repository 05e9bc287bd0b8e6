import { type Benchmark, quantile, type Row } from './benchmark.js';
import type { Progress } from './progress.js';
import type { CallsPlan } from './servers/calls.js';
import { onStage } from './stage.js';

const CALLS = 20;
const MEASURE_MS = 9_000;
const PLAN: Omit<CallsPlan, 'transport'> = {
  endpointingMs: 300,
  interruptAfterMs: 300,
  ttftMs: 50,
  ttfbMs: 40,
  answerMs: 6_000,
};
const TALKING = { speakMs: 800, pauseMs: 400, interruptAfterMs: 700 };

export const bargeIn: Benchmark = {
  name: 'barge-in',
  how: `From the first voiced frame of an interruption to the last voiced frame of the assistant, at the caller, with ${CALLS} calls; over WebSocket behind a double of Asterisk's queue, so as the caller would hear it.`,
  async run(progress) {
    const rows: Row[] = [];
    for (const transport of ['audiosocket', 'websocket'] as const) {
      const silencedMs = await interrupt(transport, progress);
      for (const share of [0.5, 0.95]) {
        rows.push({
          name: `barge-in p${share * 100}, ${transport}`,
          value: quantile(silencedMs, share),
          unit: 'ms',
          against: { name: 'configured', value: PLAN.interruptAfterMs },
          judgedBy: 'ratio',
        });
      }
    }
    return rows;
  },
};

function interrupt(transport: CallsPlan['transport'], progress: Progress): Promise<number[]> {
  const callers = { transport, calls: CALLS, behaviour: TALKING };
  return onStage('./servers/calls.js', { ...PLAN, transport }, callers, async ({ report }) => {
    await progress.wait(`barge-in: ${transport}, ${CALLS} calls`, MEASURE_MS);
    const { silencedMs, failures } = await report();
    if (failures > 0 || silencedMs.length === 0) throw new Error(`${failures} interruptions had no effect`);
    return silencedMs;
  });
}
