import { getEventListeners } from 'node:events';
import { NO_HINTS, RapidaError } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { SEGMENTS_OPEN_MAX } from './segment-stream.js';
import { final, read, SegmentBench, write } from './testing/segment-bench.js';
import { nextOf } from './testing/stream-reader.js';

let bench: SegmentBench;

beforeEach(() => {
  bench = new SegmentBench();
});

describe('bounds', () => {
  it('fails after the finals it has when more than 64 are not read', async () => {
    const stream = bench.ready();
    for (let i = 0; i < 2 * SEGMENTS_OPEN_MAX; i++) stream.endSegment();
    expect(await read(stream, SEGMENTS_OPEN_MAX)).toEqual(Array(SEGMENTS_OPEN_MAX).fill(final('')));
    await expect(nextOf(stream)).rejects.toMatchObject({ code: 'provider_timeout' });
    expect(await nextOf(stream)).toBe('end');
  });

  it.each(['endSegment', 'dropSegment'] as const)(
    'fails when a vendor answers none of more than 64: %s',
    async (end) => {
      const stream = bench.ready();
      for (let i = 0; i <= SEGMENTS_OPEN_MAX; i++) {
        write(stream, i);
        stream[end]();
      }
      expect(bench.wire.asked.filter((asked) => asked === 'finish')).toHaveLength(SEGMENTS_OPEN_MAX);
      await expect(nextOf(stream)).rejects.toMatchObject({ code: 'provider_timeout' });
      expect(bench.wire.asked.at(-1)).toBe('close');
    },
  );

  it('holds while it connects as well', async () => {
    const stream = bench.open();
    for (let i = 0; i <= SEGMENTS_OPEN_MAX; i++) {
      write(stream, i);
      stream.endSegment();
    }
    await expect(nextOf(stream)).rejects.toMatchObject({ code: 'provider_timeout' });
  });
});

describe('a failure', () => {
  const broken = new RapidaError('provider_unavailable', 'broken');

  it('comes after the finals before it, once, and closes the wire', async () => {
    const stream = bench.ready();
    write(stream, 1);
    stream.endSegment();
    bench.events.onPart('one');
    bench.events.onSegmentEnd();
    write(stream, 2);
    bench.events.onFailed(broken);
    bench.events.onFailed(new RapidaError('internal'));
    expect(bench.wire.asked.at(-1)).toBe('close');
    expect(await nextOf(stream)).toEqual(final('one'));
    await expect(nextOf(stream)).rejects.toBe(broken);
    expect(await nextOf(stream)).toBe('end');
    expect(getEventListeners(bench.abort.signal, 'abort')).toEqual([]);
  });

  it('wakes who waits', async () => {
    const stream = bench.ready();
    const waiting = expect(nextOf(stream)).rejects.toBe(broken);
    bench.events.onFailed(broken);
    await waiting;
  });

  it('makes everything nothing, what the wire tells too', async () => {
    const stream = bench.open();
    write(stream, 1);
    bench.events.onFailed(broken);
    bench.events.onReady();
    bench.events.onPart('late');
    bench.events.onSegmentEnd();
    write(stream, 2);
    stream.endSegment();
    stream.dropSegment();
    stream.expect(NO_HINTS);
    expect(bench.wire.asked).toEqual(['close']);
    await expect(nextOf(stream)).rejects.toBe(broken);
  });

  it('told while the wire is being made closes it', async () => {
    const stream = bench.open((given) => {
      given.onFailed(broken);
      return bench.wire;
    });
    expect(bench.wire.asked).toEqual(['close']);
    await expect(nextOf(stream)).rejects.toBe(broken);
  });

  it('thrown while the wire is being made is thrown to the reader, and leaves no listener', async () => {
    const stream = bench.open(() => {
      throw broken;
    });
    write(stream, 1);
    stream.endSegment();
    await expect(nextOf(stream)).rejects.toBe(broken);
    expect(getEventListeners(bench.abort.signal, 'abort')).toEqual([]);
  });

  it('in the middle of what waited sends no more of it', async () => {
    const stream = bench.open();
    write(stream, 1);
    stream.endSegment();
    write(stream, 2);
    stream.endSegment();
    bench.wire.finish = () => bench.events.onFailed(broken);
    bench.events.onReady();
    expect(bench.wire.asked).toEqual(['frame 1', 'close']);
    await expect(nextOf(stream)).rejects.toBe(broken);
  });
});

describe('closing', () => {
  it('closes the wire once, ends all who wait, and forgets what was not read', async () => {
    const stream = bench.ready();
    const waiting = [nextOf(stream), nextOf(stream)];
    stream.close();
    stream.close();
    expect(await Promise.all(waiting)).toEqual(['end', 'end']);
    expect(bench.wire.asked).toEqual(['close']);
    expect(getEventListeners(bench.abort.signal, 'abort')).toEqual([]);
  });

  it('by the signal does the same', async () => {
    const stream = bench.ready();
    stream.endSegment();
    bench.abort.abort(new Error('hung up'));
    expect(await nextOf(stream)).toBe('end');
    expect(bench.wire.asked).toEqual(['close']);
  });

  it('lets nothing through that the wire tells later', async () => {
    const stream = bench.open();
    write(stream, 1);
    stream.endSegment();
    stream.close();
    bench.events.onReady();
    bench.events.onPart('late');
    bench.events.onSegmentEnd();
    bench.events.onFailed(new RapidaError('internal'));
    await settle();
    expect(await nextOf(stream)).toBe('end');
    expect(bench.wire.asked).toEqual(['close']);
  });

  it('opens no wire when the signal was aborted before', async () => {
    bench.abort.abort();
    let isOpened = false;
    const stream = bench.open(() => {
      isOpened = true;
      return bench.wire;
    });
    write(stream, 1);
    expect([isOpened, await nextOf(stream)]).toEqual([false, 'end']);
  });
});
