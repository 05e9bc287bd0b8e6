import { VirtualClock } from '@rapida/core/testing';
import { expect, it } from 'vitest';
import { createPacer } from './pacer.js';

it('spaces the calls of a credential evenly, and leaves the others alone', async () => {
  const clock = new VirtualClock();
  const pacer = createPacer(clock);
  expect(pacer.waitMs('a')).toBe(0);
  pacer.took('a', 4);
  expect(pacer.waitMs('a')).toBe(250);
  expect(pacer.waitMs('b')).toBe(0);
  await clock.advance(100);
  expect(pacer.waitMs('a')).toBe(150);
  await clock.advance(150);
  expect(pacer.waitMs('a')).toBe(0);
});

it('saves nothing up while it is idle: there is no burst afterwards', async () => {
  const clock = new VirtualClock();
  const pacer = createPacer(clock);
  pacer.took('a', 1);
  await clock.advance(60_000);
  pacer.took('a', 1);
  expect(pacer.waitMs('a')).toBe(1_000);
});
