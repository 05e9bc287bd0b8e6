import { VirtualClock } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { AskedEnds, type AskedEndsOptions } from './asked-ends.js';

const STALL_MS = 8_000;
const EMPTY_MS = 1_000;

let clock: VirtualClock;
let told: string[];
let asked: [number, number][];
let isEmpty: boolean;

beforeEach(() => {
  clock = new VirtualClock();
  told = [];
  asked = [];
  isEmpty = true;
});

function makeEnds(options: Partial<AskedEndsOptions> = {}): AskedEnds {
  return new AskedEnds({
    ...{ clock, stallMs: STALL_MS },
    onEnd: () => told.push('end'),
    onStalled: ({ code }) => told.push(code),
    ...options,
  });
}

function silentEnds(): AskedEnds {
  const mayBeEmpty = (fromMs: number, untilMs: number) => {
    asked.push([fromMs, untilMs]);
    return isEmpty;
  };
  return makeEnds({ mayBeEmpty, emptyMs: EMPTY_MS });
}

describe('an end that is asked for', () => {
  it('is told when it is answered, and leaves no timer', () => {
    const ends = makeEnds();
    ends.ask(1_000);
    expect([told, clock.pendingTimers]).toEqual([[], 1]);
    ends.answer();
    ends.answer();
    expect([told, clock.pendingTimers]).toEqual([['end'], 0]);
  });

  it('fails the stream when it is not answered in time, each counted from its own asking', async () => {
    const ends = makeEnds();
    ends.ask(1_000);
    await clock.advance(STALL_MS - 1_000);
    ends.ask(2_000);
    await clock.advance(500);
    ends.answer();
    await clock.advance(STALL_MS - 501);
    expect(told).toEqual(['end']);
    await clock.advance(1);
    expect([told, clock.pendingTimers]).toEqual([['end', 'provider_timeout'], 0]);
  });

  it('is forgotten when it is closed', async () => {
    const ends = makeEnds();
    ends.ask(1_000);
    ends.close();
    await clock.advance(2 * STALL_MS);
    expect([told, clock.pendingTimers]).toEqual([[], 0]);
  });

  it('is answered by what is said about later sound', () => {
    const ends = makeEnds();
    ends.ask(1_000);
    ends.ask(2_000);
    expect(ends.isWanted(1_050)).toBe(true);
    expect(told).toEqual([]);
    expect(ends.isWanted(1_400)).toBe(true);
    expect(told).toEqual(['end']);
  });
});

describe('a vendor that need not answer', () => {
  it('has answered after a while, where it may have nothing to say', async () => {
    const ends = silentEnds();
    ends.ask(1_000);
    await clock.advance(EMPTY_MS - 1);
    expect(told).toEqual([]);
    await clock.advance(1);
    ends.ask(1_800);
    await clock.advance(EMPTY_MS);
    expect(told).toEqual(['end', 'end']);
    expect(asked).toEqual([
      [0, 1_000],
      [1_000, 1_800],
    ]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is waited for until it stalls where something is due', async () => {
    isEmpty = false;
    silentEnds().ask(1_000);
    await clock.advance(STALL_MS - 1);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual(['provider_timeout']);
  });

  it('comes too late with what it says about sound that was given up, and does not shift later texts', async () => {
    const ends = silentEnds();
    ends.ask(1_000);
    await clock.advance(EMPTY_MS);
    ends.ask(2_000);
    expect(ends.isWanted(980)).toBe(false);
    expect(ends.isWanted(undefined)).toBe(false);
    expect(ends.isWanted(1_700)).toBe(true);
    expect(ends.isWanted(undefined)).toBe(true);
    expect(told).toEqual(['end']);
  });
});
