import { VirtualClock } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { IdleConnection } from './idle-connection.js';

class Line {
  isOpen = true;
  close(): void {
    this.isOpen = false;
  }
}

let clock: VirtualClock;
let idle: IdleConnection<Line>;

beforeEach(() => {
  clock = new VirtualClock();
  idle = new IdleConnection(clock, 60_000);
});

describe('an idle connection', () => {
  it('is there for the next one, once', async () => {
    const line = new Line();
    idle.give(line);
    await clock.advance(59_000);
    expect(idle.take()).toBe(line);
    expect(idle.take()).toBeUndefined();
    await clock.advance(60_000);
    expect(line.isOpen).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is closed when nobody came for it in time', async () => {
    const line = new Line();
    idle.give(line);
    await clock.advance(60_000);
    expect(line.isOpen).toBe(false);
    expect(idle.take()).toBeUndefined();
  });

  it('is one: a second is closed, and one that broke makes room', () => {
    const [first, second, third] = [new Line(), new Line(), new Line()];
    idle.give(first);
    idle.give(second);
    expect([first.isOpen, second.isOpen]).toEqual([true, false]);
    first.close();
    idle.give(third);
    expect(idle.take()).toBe(third);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is not given when it broke meanwhile, nor kept when it is broken', () => {
    const line = new Line();
    idle.give(line);
    line.isOpen = false;
    expect(idle.take()).toBeUndefined();
    idle.give(line);
    expect(idle.take()).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });
});
