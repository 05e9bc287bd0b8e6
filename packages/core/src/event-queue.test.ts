import { describe, expect, it } from 'vitest';
import { RapidaError } from './errors.js';
import { EventQueue } from './event-queue.js';

function queueOf(waitingMax?: number) {
  const ends = { count: 0 };
  const queue = new EventQueue<number>(() => void ends.count++, waitingMax);
  return { queue, ends, iterator: queue[Symbol.asyncIterator]() };
}

describe('a queue of events', () => {
  it('gives what was written in order, also to a reader who waits', async () => {
    const { queue, iterator } = queueOf();
    queue.push(1);
    queue.push(2);
    expect([await iterator.next(), await iterator.next()].map(({ value }) => value)).toEqual([1, 2]);
    const next = iterator.next();
    queue.push(3);
    expect((await next).value).toBe(3);
  });

  it('throws a failure once, after what came before it, and is at its end then', async () => {
    const { queue, iterator, ends } = queueOf();
    queue.push(1);
    queue.fail(new RapidaError('provider_unavailable'));
    queue.fail(new RapidaError('provider_timeout'));
    queue.push(2);
    expect((await iterator.next()).value).toBe(1);
    await expect(iterator.next()).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect((await iterator.next()).done).toBe(true);
    expect(ends.count).toBe(1);
  });

  it('ends at once when it is closed, with events waiting and with a failure unread', async () => {
    const { queue, iterator, ends } = queueOf();
    queue.push(1);
    queue.fail(new RapidaError('provider_unavailable'));
    queue.close();
    queue.close();
    expect((await iterator.next()).done).toBe(true);
    expect(ends.count).toBe(1);
  });

  it('lets go of what is not wanted any more', async () => {
    const { queue, iterator } = queueOf();
    for (const event of [1, 2, 3, 4]) queue.push(event);
    queue.forget((event) => event % 2 === 1);
    expect([await iterator.next(), await iterator.next()].map(({ value }) => value)).toEqual([2, 4]);
  });

  it('fails when nobody reads', async () => {
    const { queue, iterator } = queueOf(2);
    for (const event of [1, 2, 3, 4]) queue.push(event);
    expect((await iterator.next()).value).toBe(1);
    expect((await iterator.next()).value).toBe(2);
    await expect(iterator.next()).rejects.toMatchObject({ code: 'internal' });
  });
});
