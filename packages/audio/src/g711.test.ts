import { describe, expect, it } from 'vitest';
import { ALAW_SILENCE, decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw, ULAW_SILENCE } from './g711.js';
import { rms } from './level.js';

interface Cell {
  from: number;
  to: number;
  output: number;
}

// The positive half of G.711 tables 1a and 2a: number of intervals times interval size, outermost first. Decision values
// lie on the interval borders, the output is the middle of the interval. Scaled to 16 bits.
function cells(segments: [count: number, size: number][], unit: number): Cell[] {
  const found: Cell[] = [];
  let from = 0;
  for (const [count, size] of segments.toReversed()) {
    for (let i = 0; i < count; i++) {
      found.push({ from: from * unit, to: (from + size) * unit, output: (from + size / 2) * unit });
      from += size;
    }
  }
  return found;
}

const ALAW_CELLS = cells(
  [
    [16, 128],
    [16, 64],
    [16, 32],
    [16, 16],
    [16, 8],
    [16, 4],
    [32, 2],
  ],
  8,
);
const ULAW_CELLS = cells(
  [
    [16, 256],
    [16, 128],
    [16, 64],
    [16, 32],
    [16, 16],
    [16, 8],
    [16, 4],
    [15, 2],
    [1, 1],
  ],
  4,
);
ULAW_CELLS[0]!.output = 0; // Table 2a: y0 = 0, the interval around zero is 2 wide and shared by both signs.

/** What a sample must decode to: on a decision value the upper interval when positive, the lower when negative. */
function quantised(sample: number, positive: Cell[]): number {
  const magnitude = Math.abs(sample);
  const inside = ({ from, to }: Cell) =>
    sample >= 0 ? magnitude >= from && magnitude < to : magnitude > from && magnitude <= to;
  const cell = positive.find(inside) ?? positive.at(-1)!;
  return sample >= 0 ? cell.output : 0 - cell.output;
}

const EVERY_SAMPLE = Int16Array.from({ length: 65536 }, (_, i) => i - 32768);
const EVERY_CODE = Uint8Array.from({ length: 256 }, (_, i) => i);
// G.711 tables 5 and 6: these eight codes, repeated, are a sine of 1 kHz at 0 dBm0.
const ALAW_SINE = Uint8Array.of(0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4);
const ULAW_SINE = Uint8Array.of(0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e);

describe('mu-law', () => {
  it('quantises every one of the 65536 samples to the value of its interval in G.711 table 2a', () => {
    expect(ULAW_CELLS.at(-1)).toEqual({ from: 7903 * 4, to: 8159 * 4, output: 8031 * 4 });
    const expected = EVERY_SAMPLE.map((sample) => quantised(sample, ULAW_CELLS));
    expect(decodeUlaw(encodeUlaw(EVERY_SAMPLE))).toEqual(expected);
  });

  it('gives back every code it decodes; only negative zero becomes positive zero', () => {
    const expected = EVERY_CODE.map((code) => (code === 0x7f ? 0xff : code));
    expect(encodeUlaw(decodeUlaw(EVERY_CODE))).toEqual(expected);
  });

  it('puts the codes where G.711 table 2 does: 0x80 highest, 0x00 lowest, 0xff zero', () => {
    expect([...decodeUlaw(Uint8Array.of(0x80, 0x00, 0xff, 0x7f, 0xfe, 0x7e))]).toEqual([32124, -32124, 0, 0, 8, -8]);
    expect([...encodeUlaw(Int16Array.of(0, 32767, -32768))]).toEqual([ULAW_SILENCE, 0x80, 0x00]);
  });

  it('decodes the reference sequence to a sine 3.17 dB below overload', () => {
    const overload = 8159 * 4;
    expect(20 * Math.log10((rms(decodeUlaw(ULAW_SINE)) * Math.SQRT2) / overload)).toBeCloseTo(-3.17, 1);
  });
});

describe('A-law', () => {
  it('quantises every one of the 65536 samples to the value of its interval in G.711 table 1a', () => {
    expect(ALAW_CELLS.at(-1)).toEqual({ from: 3968 * 8, to: 4096 * 8, output: 4032 * 8 });
    const expected = EVERY_SAMPLE.map((sample) => quantised(sample, ALAW_CELLS));
    expect(decodeAlaw(encodeAlaw(EVERY_SAMPLE))).toEqual(expected);
  });

  it('gives back every code it decodes', () => {
    expect(encodeAlaw(decodeAlaw(EVERY_CODE))).toEqual(EVERY_CODE);
  });

  it('puts the codes where G.711 table 1 does, with every other bit inverted', () => {
    expect([...decodeAlaw(Uint8Array.of(0xaa, 0x2a, 0xd5, 0x55))]).toEqual([32256, -32256, 8, -8]);
    expect([...encodeAlaw(Int16Array.of(0, 32767, -32768))]).toEqual([ALAW_SILENCE, 0xaa, 0x2a]);
  });

  it('decodes the reference sequence to a sine 3.14 dB below overload', () => {
    expect(20 * Math.log10((rms(decodeAlaw(ALAW_SINE)) * Math.SQRT2) / 32768)).toBeCloseTo(-3.14, 1);
  });
});

it('writes to the beginning of an array it is given and refuses one that is too short', () => {
  const bytes = new Uint8Array(4).fill(1);
  const written = encodeUlaw(new Int16Array(3), bytes);
  expect([...bytes]).toEqual([0xff, 0xff, 0xff, 1]);
  expect(written.length).toBe(3);
  expect(written.buffer).toBe(bytes.buffer);
  const samples = new Int16Array(2);
  expect(decodeAlaw(Uint8Array.of(0xd5, 0x55), samples)).toBe(samples);
  expect(() => encodeAlaw(new Int16Array(3), new Uint8Array(2))).toThrow(RangeError);
  expect(() => decodeUlaw(new Uint8Array(3), new Int16Array(2))).toThrow(RangeError);
});
