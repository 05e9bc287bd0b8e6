import type { Clock } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { expect, it } from 'vitest';
import { CountingTelemetry } from './playout.test.support.js';
import { createTicker } from './ticker.js';

function setUp(clock: Clock) {
  const telemetry = new CountingTelemetry();
  const errors: unknown[] = [];
  return { ticker: createTicker(clock, { telemetry, onError: (error) => errors.push(error) }), telemetry, errors };
}

/** A process that is stopped: what is due fires, but later than it should. */
class StallingClock implements Clock {
  readonly virtual = new VirtualClock(0);
  stalledMs = 0;
  nowMs = () => this.virtual.nowMs() + this.stalledMs;
  wallMs = () => this.nowMs();
  setTimer(delayMs: number, fire: () => void) {
    return this.virtual.setTimer(delayMs, fire);
  }
}

it('ticks a call every 20 ms from its adding on, for an hour without drift', async () => {
  const clock = new VirtualClock(0);
  const { ticker } = setUp(clock);
  await clock.advance(3.7);
  const dues: number[] = [];
  ticker.add((dueMs) => dues.push(dueMs, clock.nowMs()));
  await clock.advance(3_600_000 / 100);
  expect(dues.length).toBe(2 * 1800);
  for (let i = 0; i < 1800; i++) {
    expect(dues[2 * i]).toBeCloseTo(3.7 + 20 * (i + 1), 6);
    expect(dues[2 * i + 1]).toBeCloseTo(3.7 + 20 * (i + 1), 6);
  }
});

it('gives a call the slot that is nearest to now', async () => {
  const clock = new VirtualClock(0);
  const { ticker } = setUp(clock);
  const firstDue: number[] = [];
  for (const atMs of [0, 2, 3, 9, 17, 19]) {
    await clock.advance(atMs - clock.nowMs());
    const index = firstDue.length;
    firstDue.push(-1);
    ticker.add((dueMs) => {
      if (firstDue[index] === -1) firstDue[index] = dueMs;
    });
  }
  await clock.advance(60);
  expect(firstDue).toEqual([20, 20, 25, 30, 35, 40]);
});

it('holds one timer for all calls, and none without calls', async () => {
  const clock = new VirtualClock(0);
  const { ticker } = setUp(clock);
  expect(clock.pendingTimers).toBe(0);
  const members = [];
  for (let i = 0; i < 50; i++) {
    members.push(ticker.add(() => {}));
    await clock.advance(3);
    expect(clock.pendingTimers).toBe(1);
  }
  for (const member of members) {
    member.remove();
    member.remove();
  }
  expect(clock.pendingTimers).toBe(0);
});

it('wakes up only for slots that have calls', async () => {
  const virtual = new VirtualClock(0);
  let timers = 0;
  const clock: Clock = {
    nowMs: () => virtual.nowMs(),
    wallMs: () => virtual.wallMs(),
    setTimer: (delayMs, fire) => {
      timers++;
      return virtual.setTimer(delayMs, fire);
    },
  };
  const { ticker } = setUp(clock);
  ticker.add(() => {});
  ticker.add(() => {});
  await virtual.advance(1000);
  expect(timers).toBe(51);
});

it('goes on for the others when a tick throws', async () => {
  const clock = new VirtualClock(0);
  const { ticker, errors } = setUp(clock);
  let ticks = 0;
  ticker.add(() => {
    throw new Error('broken');
  });
  ticker.add(() => ticks++);
  await clock.advance(100);
  expect(ticks).toBe(5);
  expect(errors).toHaveLength(5);
});

it('lets ticks remove themselves and others, and add', async () => {
  const clock = new VirtualClock(0);
  const { ticker } = setUp(clock);
  const log: string[] = [];
  const self = ticker.add(() => {
    log.push('first');
    self.remove();
    other.remove();
    ticker.add((dueMs) => log.push(`added ${dueMs}`));
  });
  const other = ticker.add(() => log.push('other'));
  await clock.advance(60);
  expect(log).toEqual(['first', 'added 40', 'added 60']);
});

it('makes up for a short stall completely', async () => {
  const clock = new StallingClock();
  const { ticker, telemetry } = setUp(clock);
  const dues: number[] = [];
  ticker.add((dueMs) => dues.push(dueMs));
  await clock.virtual.advance(19);
  clock.stalledMs = 45;
  await clock.virtual.advance(100 - 45 - 19);
  expect(dues).toEqual([20, 40, 60, 80, 100]);
  expect(telemetry.counts.get('rapida_playout_late_frames_total')).toBe(2);
});

it('makes up for three frames of a long stall and goes on with the schedule', async () => {
  const clock = new StallingClock();
  const { ticker, telemetry } = setUp(clock);
  const dues: number[] = [];
  ticker.add((dueMs) => dues.push(dueMs));
  await clock.virtual.advance(20);
  clock.stalledMs = 500;
  await clock.virtual.advance(20);
  expect(dues).toEqual([20, 500, 520, 540]);
  await clock.virtual.advance(40);
  expect(dues.slice(4)).toEqual([560, 580]);
  // Due from 40 to 500 and more than 20 ms late at 540: 40, 60, ... 500.
  expect(telemetry.counts.get('rapida_playout_late_frames_total')).toBe(24);
});

it('does not make a call that was added during a stall catch up', async () => {
  const clock = new StallingClock();
  const { ticker } = setUp(clock);
  ticker.add(() => {});
  await clock.virtual.advance(20);
  clock.stalledMs = 500;
  const dues: number[] = [];
  ticker.add((dueMs) => dues.push(dueMs));
  await clock.virtual.advance(45);
  expect(dues).toEqual([540, 560]);
});
