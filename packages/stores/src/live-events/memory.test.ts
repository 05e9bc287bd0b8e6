import type { LiveEvent } from '@rapida/core';
import { liveFeedConformance } from '@rapida/core/conformance';
import { describe, expect, it } from 'vitest';
import { BUFFERED_MAX, createMemoryLiveFeed } from './memory.js';

liveFeedConformance('memory', async (bufferedMax) => {
  const cut: unknown[] = [];
  const telemetry = { count: (...given: unknown[]) => void cut.push(given), gauge() {}, observe() {} };
  return { feed: createMemoryLiveFeed({ telemetry, bufferedMax }), cutOff: () => cut.length, close: async () => {} };
});

const anEvent = (n: number): LiveEvent => ({
  ...{ projectId: '1', assistantId: '2', callId: '3', seq: null, type: 'x', atMs: 0, data: { n } },
});

describe('live events in memory', () => {
  it('buffers a thousand events when not told otherwise, however far the reader has come', async () => {
    const feed = createMemoryLiveFeed();
    const subscription = await feed.subscribe({ projectId: '1' });
    let published = 0;
    const publish = (count: number): void => {
      for (let n = 0; n < count; n++) feed.publish(anEvent(published++));
    };
    publish(BUFFERED_MAX);
    for (let n = 0; n < 700; n++) expect(await subscription.next()).toEqual(anEvent(n));
    publish(700);
    for (let n = 700; n < BUFFERED_MAX + 700; n++) expect(await subscription.next()).toEqual(anEvent(n));
    publish(BUFFERED_MAX + 1);
    expect(await subscription.next()).toBe('too_slow');
  });
});
