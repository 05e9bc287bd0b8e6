import {
  type EntityId,
  type LiveEvent,
  type LiveFeed,
  type LiveSubscription,
  silentTelemetry,
  type Telemetry,
} from '@rapida/core';
import type { Peer } from '../primary/peer.js';
import { createMemoryLiveFeed, type MemoryLiveFeed } from './memory.js';

const PART = 'live';
/** Events on their way to the primary process; more are dropped, and those who watch are told that they have missed something. */
export const PUBLISHING_MAX = 2_000;

export interface PrimaryLiveFeedOptions {
  readonly peer: Peer;
  readonly telemetry?: Telemetry;
  /** Events that wait for one subscriber; with one more it is cut off. */
  readonly bufferedMax?: number;
}

/**
 * In a worker: everything goes through the primary process, what is published here as well, so that all hear all of it in one
 * order. Only what somebody watches here comes back.
 */
export function createPrimaryLiveFeed(options: PrimaryLiveFeedOptions): LiveFeed {
  const { peer, telemetry = silentTelemetry } = options;
  /** Of each project that somebody watches here: resolves when its events come. */
  const watched = new Map<EntityId, Promise<void>>();
  let publishing = 0;
  let hasHole = false;
  const local = createMemoryLiveFeed({
    ...options,
    onUnwanted(projectId) {
      watched.delete(projectId);
      peer.tell(PART, 'unwatch', [projectId]);
    },
  });
  peer.serve(PART, {
    event: (event: LiveEvent) => local.publish(event),
    lost: (projectId: EntityId) => local.lose(projectId),
  });
  void peer.closed.then(() => local.lose());

  async function ready(projectId: EntityId): Promise<void> {
    const known = watched.get(projectId);
    if (known !== undefined) return known;
    const watching = peer.ask(PART, 'watch', [projectId]) as Promise<void>;
    watched.set(projectId, watching);
    try {
      await watching;
    } catch (error) {
      if (watched.get(projectId) === watching) watched.delete(projectId);
      throw error;
    }
  }

  return {
    publish(event) {
      if (publishing >= PUBLISHING_MAX) {
        hasHole = true;
        telemetry.count('rapida_live_unsent_total');
        return;
      }
      if (hasHole) peer.tell(PART, 'hole', []);
      hasHole = false;
      publishing++;
      peer.tell(PART, 'publish', [event], () => {
        publishing--;
      });
    },
    async subscribe(interest) {
      const { projectId } = interest;
      // Again where the last one who watched has left meanwhile, and the events with it.
      for (let watching: Promise<void> | undefined; watching === undefined || watched.get(projectId) !== watching; ) {
        const opened = ready(projectId);
        watching = watched.get(projectId);
        await opened;
      }
      return local.subscribe(interest);
    },
  };
}

/** In the primary process: gives a worker what it watches, as fast as the worker takes it. */
export function serveLiveFeed(peer: Peer, feed: MemoryLiveFeed): void {
  const watching = new Map<EntityId, LiveSubscription>();

  async function pass(projectId: EntityId, subscription: LiveSubscription): Promise<void> {
    for (;;) {
      const next = await subscription.next();
      if (typeof next !== 'string') {
        await new Promise<void>((resolve) => peer.tell(PART, 'event', [next], resolve));
        continue;
      }
      if (watching.get(projectId) === subscription) watching.delete(projectId);
      if (next === 'closed') return;
      peer.tell(PART, 'lost', [projectId]);
      return;
    }
  }

  peer.serve(PART, {
    publish: (event: LiveEvent) => feed.publish(event),
    hole: () => feed.lose(),
    async watch(projectId: EntityId) {
      if (watching.has(projectId)) return;
      const subscription = await feed.subscribe({ projectId });
      watching.set(projectId, subscription);
      void pass(projectId, subscription);
    },
    unwatch(projectId: EntityId) {
      watching.get(projectId)?.close();
      watching.delete(projectId);
    },
  });
  void peer.closed.then(() => {
    for (const subscription of watching.values()) subscription.close();
  });
}
