import { beforeEach, describe, expect, it } from 'vitest';
import { SoundPieces } from './sound-pieces.js';

let sent: number[][];
let isTaking: boolean;
let droppedMs: number;

beforeEach(() => {
  sent = [];
  isTaking = true;
  droppedMs = 0;
});

/** Frames of two bytes. */
function makePieces(encoding: 'ulaw-8000' | 'pcm-16000' = 'pcm-16000'): SoundPieces {
  return new SoundPieces(2, encoding, {
    send: (piece) => isTaking && sent.push([...piece]) > 0,
    onDropped: (ms) => {
      droppedMs += ms;
    },
  });
}

describe('pieces of sound', () => {
  it('are three frames each', () => {
    const pieces = makePieces();
    for (const n of [1, 2, 3, 4, 5, 6, 7]) expect(pieces.push(new Uint8Array([n, n]))).toBe(true);
    expect(sent).toEqual([
      [1, 1, 2, 2, 3, 3],
      [4, 4, 5, 5, 6, 6],
    ]);
    expect(pieces.sentMs).toBe(120);
  });

  it.each([
    ['pcm-16000', 0],
    ['ulaw-8000', 0xff],
  ] as const)('are filled up at the end of a segment with the silence of %s', (encoding, silence) => {
    const pieces = makePieces(encoding);
    pieces.push(new Uint8Array([1, 1]));
    pieces.flush();
    pieces.flush();
    expect(sent).toEqual([[1, 1, silence, silence, silence, silence]]);
    expect(pieces.sentMs).toBe(60);
  });

  it('that are not taken are counted in full, and begin anew', () => {
    const pieces = makePieces();
    isTaking = false;
    const taken = [1, 2, 3].map((n) => pieces.push(new Uint8Array([n, n])));
    expect([taken, droppedMs]).toEqual([[true, true, false], 40]);
    pieces.push(new Uint8Array([4, 4]));
    pieces.flush();
    expect([droppedMs, pieces.sentMs]).toEqual([60, 0]);
    isTaking = true;
    pieces.push(new Uint8Array([5, 5]));
    pieces.flush();
    expect(sent).toEqual([[5, 5, 0, 0, 0, 0]]);
  });
});
