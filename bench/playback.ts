import { FRAME_MS } from '@rapida/core';
import type { Benchmark, Row } from './benchmark.js';
import type { Progress } from './progress.js';
import type { PlaybackCount } from './servers/playback.js';
import { onStage } from './stage.js';

const CALLS = [100, 500, 1000];
const WARM_UP_MS = 1_000;
/** A whole number of frames, so that where in a frame time the window begins does not matter. */
const MEASURE_MS = 8_000;

export const playback: Benchmark = {
  name: 'playback',
  how: `A long utterance on every call, over sockets to a reading process, for ${MEASURE_MS / 1000} s: frames sent / due on the schedule, and frames more than ${FRAME_MS} ms late. Bare Node is an interval of ${FRAME_MS} ms per call.`,
  async run(progress) {
    const rows: Row[] = [];
    for (const calls of CALLS) {
      const bare = await play(
        './servers/bare-playback.js',
        `playback: an interval per call, ${calls} calls`,
        calls,
        progress,
      );
      const ours = await play('./servers/playback.js', `playback: playout, ${calls} calls`, calls, progress);
      rows.push(
        {
          name: `frames sent / due, ${calls} calls`,
          value: ours.sentOfDue,
          unit: 'of due',
          against: { name: 'interval per call', value: bare.sentOfDue },
          judgedBy: 'value',
          target: { min: 0.999, max: 1.001 },
        },
        {
          name: `late frames / due, ${calls} calls`,
          value: ours.lateOfDue,
          unit: 'of due',
          against: { name: 'interval per call', value: bare.lateOfDue },
          judgedBy: 'value',
        },
      );
    }
    return rows;
  },
};

function play(
  file: string,
  what: string,
  calls: number,
  progress: Progress,
): Promise<{ readonly sentOfDue: number; readonly lateOfDue: number }> {
  return onStage(file, {}, { transport: 'audiosocket', calls, behaviour: 'reading' }, async ({ server }) => {
    await progress.wait(`${what}, warming up`, WARM_UP_MS);
    const before = await server.ask<PlaybackCount>('count');
    await progress.wait(what, MEASURE_MS);
    const after = await server.ask<PlaybackCount>('count');
    const due = (calls * (after.atMs - before.atMs)) / FRAME_MS;
    return {
      sentOfDue: (after.framesSent - before.framesSent) / due,
      lateOfDue: (after.framesLate - before.framesLate) / due,
    };
  });
}
