import type { Benchmark } from './benchmark.js';
import { startChild, type Usage } from './child.js';
import type { Progress } from './progress.js';
import type { CallsPlan } from './servers/calls.js';
import type { ServerReady } from './servers/listen.js';
import { withCallers } from './stage.js';

const CALLS = 200;
const WARM_UP_MS = 3_000;
const TALK_MS = 6_000;
const SETTLE_MS = 1_000;
const PLAN: CallsPlan = {
  transport: 'audiosocket',
  endpointingMs: 500,
  interruptAfterMs: 300,
  ttftMs: 100,
  ttfbMs: 80,
  answerMs: 3_000,
};
const TALKING = { speakMs: 1_000, pauseMs: 400 };

export const memory: Benchmark = {
  name: 'memory',
  how: `Memory of ${CALLS} full calls with stub engines after ${TALK_MS / 1000} s of talk, minus that of the same process after earlier calls have ended, per call; after a garbage collection. Heap includes buffers. Bare Node is an echo with as many connections.`,
  async run(progress) {
    const bare = await perCall('./servers/bare-echo.js', 'bare echo', progress);
    const ours = await perCall('./servers/calls.js', 'full calls', progress);
    return [
      {
        name: `heap per full call, ${CALLS} calls`,
        value: ours.heapKb,
        unit: 'kB',
        against: { name: 'bare echo', value: bare.heapKb },
        judgedBy: 'value',
      },
      {
        name: `resident memory per full call, ${CALLS} calls`,
        value: ours.rssKb,
        unit: 'kB',
        against: { name: 'bare echo', value: bare.rssKb },
        judgedBy: 'value',
      },
    ];
  },
};

async function perCall(
  serverFile: string,
  label: string,
  progress: Progress,
): Promise<{ readonly heapKb: number; readonly rssKb: number }> {
  const server = await startChild<ServerReady>(serverFile, PLAN);
  const talk = (calls: number, ms: number): Promise<Usage> =>
    withCallers(server, server.ready.port, { transport: 'audiosocket', calls, behaviour: TALKING }, async () => {
      await progress.wait(`memory: ${label}, ${calls} calls`, ms);
      return server.ask<Usage>('memory');
    });
  try {
    await talk(CALLS / 10, WARM_UP_MS);
    await progress.wait(`memory: ${label}, no calls`, SETTLE_MS);
    const empty = await server.ask<Usage>('memory');
    const full = await talk(CALLS, TALK_MS);
    return {
      heapKb: (full.heapBytes - empty.heapBytes) / 1024 / CALLS,
      rssKb: (full.rssBytes - empty.rssBytes) / 1024 / CALLS,
    };
  } finally {
    await server.stop();
  }
}
