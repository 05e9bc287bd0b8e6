import { VirtualClock } from '@rapida/core/testing';
import { expect, it } from 'vitest';
import { within } from './bounded-wait.js';

const never = new Promise<string>(() => {});

it('gives the value that came in time and leaves no timer', async () => {
  const clock = new VirtualClock();
  expect(await within(clock, Promise.resolve('x'), 100)).toEqual({ inTime: true, value: 'x' });
  expect(clock.pendingTimers).toBe(0);
});

it('gives up when the time is over', async () => {
  const clock = new VirtualClock();
  const waiting = within(clock, never, 100);
  await clock.advance(100);
  expect(await waiting).toEqual({ inTime: false });
});

it('gives up at once when its signal aborts, and leaves no timer', async () => {
  const clock = new VirtualClock();
  const abort = new AbortController();
  const waiting = within(clock, never, 100, abort.signal);
  abort.abort();
  expect(await waiting).toEqual({ inTime: false });
  expect(await within(clock, never, 100, abort.signal)).toEqual({ inTime: false });
  expect(clock.pendingTimers).toBe(0);
});

it('fails as the promise fails, and leaves no timer', async () => {
  const clock = new VirtualClock();
  await expect(within(clock, Promise.reject(new Error('no')), 100)).rejects.toThrow('no');
  expect(clock.pendingTimers).toBe(0);
});
