import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPlayout } from './create-playout.js';
import {
  CountingTelemetry,
  FakeTransport,
  framesOf,
  HandTicker,
  LoggingListener,
  speech,
} from './playout.test.support.js';

const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('begin' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      back: fc.nat(3),
      samples: fc.integer({ min: 0, max: 4000 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('end' as const), back: fc.nat(3) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('tick' as const), times: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('pause' as const, 'resume' as const, 'cut' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('deaf' as const, 'stop' as const, 'close' as const) }) },
);

/**
 * Whatever happens in whatever order, for both pacings: every utterance finishes exactly once and in order, what it has played and
 * what was dropped is what was written, and what is heard of it is its beginning, each frame once.
 */
it.each(['local', 'peer'] as const)('keeps its promises under every order of events (%s pacing)', (pacing) => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const transport = new FakeTransport(pacing);
      const ticker = new HandTicker();
      const listener = new LoggingListener();
      const heard: Int16Array[] = [];
      const playout = createPlayout({
        transport,
        ticker,
        clock: ticker.clock,
        listener,
        telemetry: new CountingTelemetry(),
        tap: (samples) => void heard.push(samples),
        queuedMsMax: 1000,
      });
      const written = new Map<number, Int16Array[]>();
      let writtenSamples = 0;
      let lastId = 0;
      for (const step of commands) {
        if (step.do === 'begin') {
          playout.begin(++lastId);
          written.set(lastId, []);
        } else if (step.do === 'write') {
          const id = lastId - step.back;
          const samples = speech(step.samples, writtenSamples);
          const isOver = listener.finished.has(id);
          const isKept = playout.write(id, samples);
          if (isOver) expect(isKept).toBe(false);
          if (isKept) {
            written.get(id)?.push(samples);
            writtenSamples += samples.length;
          }
        } else if (step.do === 'end') playout.end(lastId - step.back);
        else if (step.do === 'tick') ticker.tick(step.times);
        else if (step.do === 'deaf') transport.isReading = !transport.isReading;
        else if (step.do === 'stop') playout.onFlow(step.do);
        else playout[step.do]();
        expect(playout.queuedMs).toBeLessThanOrEqual(1000);
      }
      playout.close();
      ticker.tick(5);
      expect([...listener.finished.keys()]).toEqual([...written.keys()]);
      checkSound(listener, written, heard);
    }),
    { numRuns: 400 },
  );
});

function checkSound(listener: LoggingListener, written: Map<number, Int16Array[]>, heard: Int16Array[]): void {
  const left = [...heard];
  for (const [id, results] of listener.finished) {
    expect(results).toHaveLength(1);
    const { playedMs, cut } = results[0]!;
    const sound = Int16Array.from((written.get(id) ?? []).flatMap((samples) => [...samples]));
    const playedSamples = playedMs * 16;
    const droppedSamples = sound.length - playedSamples;
    expect(Number.isInteger(playedSamples)).toBe(true);
    expect(droppedSamples).toBeGreaterThanOrEqual(0);
    if (!cut) expect(droppedSamples).toBe(0);
    if (droppedSamples > 0) expect(playedSamples % 320).toBe(0);
    // Silence and faded frames lie in between; nothing else may, and no frame of sound may come again.
    for (const frame of framesOf(sound.subarray(0, playedSamples))) {
      const at = left.findIndex((candidate) => candidate[0] !== 0 && candidate[127] !== 0);
      const partial = left.findIndex((candidate) => candidate[0] === frame[0]);
      const position = frame[127] === 0 ? partial : at;
      expect(left[position]).toEqual(frame);
      left.splice(0, position + 1);
    }
  }
  expect(left.filter((frame) => frame[127] !== 0)).toEqual([]);
}
