import { RATE_HZ } from '@rapida/core';
import { SilentPlayout, VirtualClock } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { Mouth } from './mouth.js';

const SECOND = new Int16Array(RATE_HZ);

function mouthOf(writable = true) {
  const clock = new VirtualClock();
  const playout = new SilentPlayout(clock, { onStarted() {}, onFinished() {} });
  if (!writable) playout.write = () => false;
  const told: number[] = [];
  return { playout, told, mouth: new Mouth(playout), tell: (soundMs: number) => void told.push(soundMs) };
}

describe("the model's sound", () => {
  it('is played where its answer is wanted, and told how much there is of it', () => {
    const { mouth, playout, told, tell } = mouthOf();
    mouth.expect(1);
    expect([mouth.hear(1, SECOND, tell), mouth.hear(1, SECOND, tell)]).toEqual(['taken', 'taken']);
    expect(told).toEqual([1_000, 2_000]);
    expect(playout.begun).toEqual([1]);
  });

  it('is refused when it is late: of another answer, after its end, after it was dropped', () => {
    const { mouth, playout, tell } = mouthOf();
    mouth.expect(2);
    expect(mouth.hear(1, SECOND, tell)).toBe('unwanted');
    mouth.hear(2, SECOND, tell);
    mouth.end(1);
    mouth.end(2);
    expect(mouth.hear(2, SECOND, tell)).toBe('unwanted');
    mouth.expect(3);
    mouth.drop();
    expect(mouth.hear(3, SECOND, tell)).toBe('unwanted');
    expect(playout.begun).toEqual([2]);
  });

  it('does not begin when telling of it has silenced the assistant', () => {
    const { mouth, playout } = mouthOf();
    mouth.expect(1);
    expect(mouth.hear(1, SECOND, () => mouth.drop())).toBe('unwanted');
    expect(playout.begun).toEqual([]);
  });

  it('says when the playout keeps no more', () => {
    const { mouth, tell } = mouthOf(false);
    mouth.expect(1);
    expect(mouth.hear(1, SECOND, tell)).toBe('full');
  });
});
