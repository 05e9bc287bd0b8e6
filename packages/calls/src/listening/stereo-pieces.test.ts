import { beforeEach, describe, expect, it } from 'vitest';
import { StereoPieces } from './stereo-pieces.js';

let pieces: Int16Array[];
let stereo: StereoPieces;
beforeEach(() => {
  pieces = [];
  stereo = new StereoPieces((piece) => void pieces.push(new Int16Array(piece.buffer)));
});

const frame = (value: number, samples = 320): Int16Array => new Int16Array(samples).fill(value);
/** What is left and right in a piece, where each is one value throughout. */
const sidesOf = (piece: Int16Array): number[] => {
  const [left = 0, right = 0] = piece;
  expect(piece).toEqual(Int16Array.from(piece, (_, at) => (at % 2 === 0 ? left : right)));
  return [left, right];
};

describe('both sides of a call for ears', () => {
  it('are laid beside each other, the caller left, in pieces of 100 ms', () => {
    for (let n = 0; n < 10; n++) {
      stereo.caller(frame(1));
      stereo.assistant(frame(2));
    }
    expect(pieces.map(({ length }) => length)).toEqual([3_200, 3_200]);
    expect(pieces.map(sidesOf)).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('keep what was said in its order, sample by sample', () => {
    for (let n = 0; n < 5; n++) {
      stereo.caller(Int16Array.from({ length: 320 }, (_, at) => n * 320 + at));
      stereo.assistant(Int16Array.from({ length: 320 }, (_, at) => -(n * 320 + at)));
    }
    expect(pieces[0]).toEqual(Int16Array.from({ length: 3_200 }, (_, at) => (at % 2 === 0 ? at / 2 : -(at - 1) / 2)));
  });

  it('go on where one side is silent altogether: it counts as silent after a moment', () => {
    for (let n = 0; n < 30; n++) stereo.assistant(frame(2));
    expect(pieces.length).toBeGreaterThanOrEqual(4);
    expect(pieces.map(sidesOf)).toEqual(pieces.map(() => [0, 2]));
  });

  it('are in time again when the silent one is back, within a third of a second', () => {
    for (let n = 0; n < 30; n++) stereo.assistant(frame(2));
    const { length } = pieces;
    for (let n = 0; n < 10; n++) {
      stereo.caller(frame(1));
      stereo.assistant(frame(2));
    }
    expect(pieces.slice(length).map(sidesOf)).toContainEqual([1, 2]);
  });

  it('take frames of any length', () => {
    for (let n = 0; n < 3; n++) stereo.caller(frame(1, 4_001));
    stereo.assistant(frame(2, 12_003));
    expect(pieces.length).toBeGreaterThanOrEqual(6);
    expect(pieces.every(({ length }) => length === 3_200)).toBe(true);
  });
});
