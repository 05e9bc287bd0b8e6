import { pcm16ToBytes, peakHz, tone } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PcmSound, pcmSound, wholeSound } from './pcm-sound.js';

function* cut(bytes: Uint8Array, chunkBytes: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += chunkBytes) yield bytes.subarray(start, start + chunkBytes);
}

async function samplesOf(bytes: Uint8Array, chunkBytes: number, rateHz: number): Promise<Int16Array> {
  async function* body() {
    yield* cut(bytes, chunkBytes);
  }
  const samples: number[] = [];
  for await (const event of pcmSound(body(), rateHz)) {
    if (event.type === 'audio') samples.push(...event.samples);
  }
  return Int16Array.from(samples);
}

describe('PCM on its way to 16 kHz', () => {
  it.each([8_000, 16_000, 24_000, 44_100])(
    'is the same tone from %i Hz, as long, wherever it is cut',
    async (rateHz) => {
      const bytes = pcm16ToBytes(tone({ hz: 700, rateHz, ms: 300, dbfs: -6 }));
      const whole = await samplesOf(bytes, bytes.length, rateHz);
      // The run-out of the filter: 2.5 ms of the lower rate.
      expect(whole.length - 0.3 * RATE_HZ).toBeGreaterThanOrEqual(0);
      expect(whole.length - 0.3 * RATE_HZ).toBeLessThanOrEqual(41);
      expect(Math.abs(peakHz(whole.subarray(400, 4_496), RATE_HZ) - 700)).toBeLessThan(5);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 999 }), async (chunkBytes) => {
          expect(await samplesOf(bytes, chunkBytes, rateHz)).toEqual(whole);
        }),
        { numRuns: 5, examples: [[1]] },
      );
      expect(wholeSound(tone({ hz: 700, rateHz, ms: 300, dbfs: -6 }), rateHz)).toEqual(whole);
    },
  );

  it('leaves out half a sample at the end', () => {
    const sound = new PcmSound(RATE_HZ);
    expect([...sound.push(Uint8Array.of(1, 0, 2))]).toEqual([1]);
    expect(sound.end().length).toBe(0);
  });

  it('gives arrays that the receiver may write to', () => {
    const sound = new PcmSound(RATE_HZ);
    const bytes = Uint8Array.of(1, 0, 2, 0);
    sound.push(bytes).fill(9);
    expect([...bytes]).toEqual([1, 0, 2, 0]);
  });
});
