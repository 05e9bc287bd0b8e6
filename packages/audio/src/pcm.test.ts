import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesToPcm16, pcm16ToBytes, silence } from './pcm.js';

const SAMPLES = fc.array(fc.integer({ min: -32768, max: 32767 })).map((values) => Int16Array.from(values));

it('writes the low byte first', () => {
  expect([...pcm16ToBytes(Int16Array.of(1, -2, 0x1234, -32768))]).toEqual([1, 0, 0xfe, 0xff, 0x34, 0x12, 0x00, 0x80]);
});

it('reads back what it wrote, from any address', () => {
  fc.assert(
    fc.property(SAMPLES, fc.integer({ min: 0, max: 3 }), (samples, offset) => {
      const memory = new Uint8Array(offset + samples.length * 2);
      pcm16ToBytes(samples, memory.subarray(offset));
      expect(bytesToPcm16(memory.subarray(offset))).toEqual(samples);
    }),
  );
});

it('leaves half a sample at the end out', () => {
  expect([...bytesToPcm16(Uint8Array.of(1, 0, 2))]).toEqual([1]);
  expect(bytesToPcm16(Uint8Array.of(1)).length).toBe(0);
});

it('does not share memory with the bytes it has read', () => {
  const bytes = Uint8Array.of(1, 0);
  const samples = bytesToPcm16(bytes);
  bytes[0] = 9;
  expect(samples[0]).toBe(1);
});

it('writes into what it is given and refuses what is too short', () => {
  const samples = new Int16Array(1);
  expect(bytesToPcm16(Uint8Array.of(5, 0), samples)).toBe(samples);
  expect(samples[0]).toBe(5);
  expect(() => bytesToPcm16(new Uint8Array(4), samples)).toThrow(RangeError);
  expect(() => pcm16ToBytes(new Int16Array(2), new Uint8Array(3))).toThrow(RangeError);
});

it('makes silence of zeros', () => {
  expect([...silence(3)]).toEqual([0, 0, 0]);
});
