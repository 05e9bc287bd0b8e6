import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LiveEvent, LiveFeed, LiveInterest, LiveSubscription } from '../live-events.js';

export interface LiveFeedUnderTest {
  readonly feed: LiveFeed;
  /** The same through another process, where the carrier has such: what is published there must arrive here. */
  readonly elsewhere?: LiveFeed;
  /** Where what is published here takes a moment to arrive here: resolves when it has. */
  settled?(): Promise<void>;
  /** Subscribers cut off so far. */
  cutOff(): number;
  close(): Promise<void>;
}

const BUFFERED_MAX = 8;
const PROJECT = '18446744073709551615';

let events = 0;

function anEvent(changes: Partial<LiveEvent> = {}): LiveEvent {
  events++;
  const whose = { projectId: PROJECT, assistantId: '12', callId: '9007199254740993' };
  return { ...whose, seq: events, type: 'x', atMs: 1_790_000_000_000.5, data: { n: events, text: '👋' }, ...changes };
}

/** The promises of {@link LiveFeed}. `make` gives one that buffers `bufferedMax` events per subscriber. */
export function liveFeedConformance(name: string, make: (bufferedMax: number) => Promise<LiveFeedUnderTest>): void {
  describe(`${name} as a LiveFeed`, () => {
    let test: LiveFeedUnderTest;
    beforeEach(async () => {
      test = await make(BUFFERED_MAX);
    });
    afterEach(() => test.close());

    const subscribe = (interest: Partial<LiveInterest> = {}): Promise<LiveSubscription> =>
      test.feed.subscribe({ projectId: PROJECT, ...interest });

    async function read(subscription: LiveSubscription, count: number): Promise<unknown[]> {
      const got = [];
      for (let n = 0; n < count; n++) got.push(await subscription.next());
      return got;
    }

    it('gives what is published after the subscription, field for field and in its order', async () => {
      test.feed.publish(anEvent());
      const subscription = await subscribe();
      const published = [anEvent(), anEvent({ seq: null, data: {} }), anEvent({ callId: '2' })];
      for (const event of published) (test.elsewhere ?? test.feed).publish(event);
      expect(await read(subscription, 3)).toEqual(published);
    });

    it('gives to a reader that waits already', async () => {
      const subscription = await subscribe();
      const waiting = subscription.next();
      const event = anEvent();
      test.feed.publish(event);
      expect(await waiting).toEqual(event);
    });

    it('gives each subscriber everything it wants and nothing else', async () => {
      const all = await subscribe();
      const ofCall = await subscribe({ callId: '2' });
      const ofAssistant = await subscribe({ assistantId: '13' });
      const ofBoth = await subscribe({ callId: '2', assistantId: '13' });
      const [a, b, c] = [
        anEvent({ callId: '2' }),
        anEvent({ assistantId: '13' }),
        anEvent({ callId: '2', assistantId: '13' }),
      ];
      for (const event of [a, b, c]) test.feed.publish(event);
      expect(await read(all, 3)).toEqual([a, b, c]);
      expect(await read(ofCall, 2)).toEqual([a, c]);
      expect(await read(ofAssistant, 2)).toEqual([b, c]);
      expect(await read(ofBoth, 1)).toEqual([c]);
    });

    it('gives nothing of another project, whatever call is named', async () => {
      const mine = await subscribe();
      const theirs = await test.feed.subscribe({ projectId: '7', callId: '2' });
      test.feed.publish(anEvent({ callId: '2' }));
      const own = anEvent({ projectId: '7', callId: '2' });
      test.feed.publish(own);
      const last = anEvent();
      test.feed.publish(last);
      expect(await theirs.next()).toEqual(own);
      expect(await read(mine, 2)).toEqual([expect.objectContaining({ callId: '2', projectId: PROJECT }), last]);
    });

    it('keeps what its buffer holds, and cuts off with a word who does not read, once and counted', async () => {
      const idle = await subscribe();
      const kept = Array.from({ length: BUFFERED_MAX }, () => anEvent());
      for (const event of kept) test.feed.publish(event);
      await test.settled?.();
      const reading = await subscribe();
      expect(await read(idle, 3)).toEqual(kept.slice(0, 3));
      for (let n = 0; n < 3; n++) test.feed.publish(anEvent());
      await test.settled?.();
      expect(test.cutOff()).toBe(0);
      expect(await read(reading, 3)).toHaveLength(3);
      for (let n = 0; n < 3; n++) test.feed.publish(anEvent());
      await test.settled?.();
      expect(await read(idle, 2)).toEqual(['too_slow', 'too_slow']);
      expect(test.cutOff()).toBe(1);
      expect(await reading.next()).toMatchObject({ type: 'x' });
    });

    it('ends for the one that closes it, also where it waits, and for nobody else', async () => {
      const [one, other] = [await subscribe(), await subscribe()];
      const waiting = one.next();
      one.close();
      one.close();
      expect(await waiting).toBe('closed');
      test.feed.publish(anEvent());
      expect(await read(one, 2)).toEqual(['closed', 'closed']);
      expect(await other.next()).toMatchObject({ type: 'x' });
      expect(test.cutOff()).toBe(0);
    });

    it('drops what waits where it is closed', async () => {
      const subscription = await subscribe();
      test.feed.publish(anEvent());
      await test.settled?.();
      subscription.close();
      expect(await subscription.next()).toBe('closed');
    });
  });
}
