import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Framer } from './framer.js';

const counting = (length: number) => Int16Array.from({ length }, (_, i) => i + 1);

it('cuts any chunking into the same exact frames, the last one filled up with zeros', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 20 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), sizes, (frameSamples, lengths) => {
      const total = lengths.reduce((sum, length) => sum + length, 0);
      const input = counting(total);
      const framer = new Framer(frameSamples);
      const frames: Int16Array[] = [];
      let start = 0;
      for (const length of lengths) {
        framer.push(input.subarray(start, start + length), (frame) => frames.push(frame));
        start += length;
        expect(frames.length).toBe(Math.floor(start / frameSamples));
      }
      framer.flush((frame) => frames.push(frame));
      const padded = new Int16Array(Math.ceil(total / frameSamples) * frameSamples);
      padded.set(input);
      expect(frames.every((frame) => frame.length === frameSamples)).toBe(true);
      expect(frames.flatMap((frame) => [...frame])).toEqual([...padded]);
    }),
  );
});

it('emits frames that share memory with nothing', () => {
  const input = counting(4);
  const frames: Int16Array[] = [];
  const framer = new Framer(2);
  framer.push(input, (frame) => frames.push(frame));
  input.fill(99);
  frames[0]!.fill(77);
  expect([...frames[1]!]).toEqual([3, 4]);
  framer.push(counting(2), (frame) => frames.push(frame));
  expect([...frames[2]!]).toEqual([1, 2]);
});

it('flushes once, and begins anew after it', () => {
  const frames: number[][] = [];
  const emit = (frame: Int16Array) => frames.push([...frame]);
  const framer = new Framer(3);
  framer.push(Int16Array.of(1), emit);
  framer.flush(emit);
  framer.flush(emit);
  framer.push(Int16Array.of(2, 3, 4), emit);
  framer.flush(emit);
  expect(frames).toEqual([
    [1, 0, 0],
    [2, 3, 4],
  ]);
});

it('refuses a frame size that is none', () => {
  for (const wrong of [0, -1, 1.5, Number.NaN]) expect(() => new Framer(wrong)).toThrow(RangeError);
});
