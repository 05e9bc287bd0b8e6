import { beforeEach, expect, it } from 'vitest';
import { settled, VirtualClock } from '../testing/virtual-clock.js';
import { createThrottle } from './throttle.js';

const PAUSE_MS = 2_000;
let clock: VirtualClock;
let ran: string[];
beforeEach(() => {
  clock = new VirtualClock();
  ran = [];
});

const job = (what: string) => async () => void ran.push(what);

it('runs the first at once, and of those that come meanwhile the last, after a pause', async () => {
  const throttle = createThrottle(clock, PAUSE_MS);
  for (const what of ['first', 'second', 'third']) throttle.run('list', job(what));
  await settled();
  expect(ran).toEqual(['first']);
  await clock.letPass(PAUSE_MS);
  expect(ran).toEqual(['first', 'third']);
});

it('runs nothing of one name while something of it runs, however long that takes', async () => {
  const throttle = createThrottle(clock, PAUSE_MS);
  let finish = () => {};
  throttle.run('list', () => new Promise<void>((resolve) => (finish = resolve)));
  throttle.run('list', job('second'));
  await clock.letPass(10 * PAUSE_MS);
  expect(ran).toEqual([]);
  finish();
  await settled();
  await clock.letPass(PAUSE_MS);
  expect(ran).toEqual(['second']);
});

it('goes on after one that failed', async () => {
  const throttle = createThrottle(clock, PAUSE_MS);
  throttle.run('list', () => Promise.reject(new Error('no')));
  throttle.run('list', job('second'));
  await settled();
  await clock.letPass(PAUSE_MS);
  expect(ran).toEqual(['second']);
});

it('holds up no other name', async () => {
  const throttle = createThrottle(clock, PAUSE_MS);
  throttle.run('one', job('one'));
  throttle.run('other', job('other'));
  await settled();
  expect(ran).toEqual(['one', 'other']);
});

it('runs nothing more when it is closed, and leaves no timer', async () => {
  const throttle = createThrottle(clock, PAUSE_MS);
  throttle.run('list', job('first'));
  throttle.run('list', job('second'));
  await settled();
  throttle.close();
  throttle.close();
  await clock.letPass(PAUSE_MS);
  expect(ran).toEqual(['first']);
  expect(clock.pending).toBe(0);
});
