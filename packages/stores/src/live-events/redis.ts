import { randomUUID } from 'node:crypto';
import {
  type Clock,
  type EntityId,
  type LiveEvent,
  type LiveFeed,
  type LiveInterest,
  silentTelemetry,
  type Telemetry,
  type Timer,
} from '@rapida/core';
import type { RedisLink } from '../redis/link.js';
import { createMemoryLiveFeed } from './memory.js';

/** Events wait this long for others to travel with: nobody who watches sees it. */
export const GATHER_MS = 20;
/** Events that wait for it; more are dropped, and those who watch elsewhere are told that they have missed something. */
export const GATHERED_MAX = 2_000;
/** Messages on their way to Redis at once. */
const SENDING_MAX = 50;
/** Projects whose messages are counted; of one that was forgotten the count begins again, which is taken for a loss. */
const COUNTED_MAX = 10_000;
/** Processes whose numbers are followed, per project that is watched. */
const SENDERS_MAX = 1_000;

export interface RedisLiveFeedOptions {
  readonly redis: RedisLink;
  readonly clock: Clock;
  readonly telemetry?: Telemetry;
  /** Events that wait for one subscriber; with one more it is cut off. */
  readonly bufferedMax?: number;
}

export interface RedisLiveFeed extends LiveFeed {
  /** What has been gathered is not sent any more. Subscriptions end with `lost`. Idempotent. */
  close(): void;
}

/** One message: events of one project, as one node published them. `n` counts the messages, so that a hole is seen. */
interface Message {
  readonly from: string;
  readonly n: number;
  readonly events: readonly LiveEvent[];
}

/**
 * Within a process events are given as always, whether Redis is there or not; the other nodes get them over one channel per
 * project. What is lost on the way shows in the numbers of messages, or with a lost connection: then subscriptions end with `lost`.
 */
export function createRedisLiveFeed(options: RedisLiveFeedOptions): RedisLiveFeed {
  const { redis, telemetry = silentTelemetry } = options;
  const from = randomUUID();
  const sender = new Sender(options, from);
  const channelOf = (projectId: EntityId): string => redis.key('live', projectId);
  /** Of each project that somebody watches here: resolves when its channel is listened to. */
  const channels = new Map<EntityId, Promise<void>>();
  const local = createMemoryLiveFeed({
    ...options,
    onUnwanted(projectId) {
      channels.delete(projectId);
      redis.ignore(channelOf(projectId));
    },
  });

  function listen(projectId: EntityId): Promise<void> {
    /** The last number of each node. */
    const numbers = new Map<string, number>();
    return redis.listen(channelOf(projectId), {
      onMessage(text) {
        const message = parse(text, projectId);
        if (message === undefined) {
          telemetry.count('rapida_node_commands_total', { outcome: 'malformed' });
          return;
        }
        if (message.from === from) return;
        const before = numbers.get(message.from);
        // Processes come and go: at worst a hole is not seen.
        if (before === undefined && numbers.size >= SENDERS_MAX) numbers.clear();
        numbers.set(message.from, message.n);
        if (before !== undefined && message.n !== before + 1) local.lose(projectId);
        for (const event of message.events) local.publish(event);
      },
      onLost: () => local.lose(projectId),
    });
  }

  async function ready(projectId: EntityId): Promise<void> {
    const known = channels.get(projectId);
    if (known !== undefined) return known;
    const listening = listen(projectId);
    channels.set(projectId, listening);
    try {
      await listening;
    } catch (error) {
      if (channels.get(projectId) === listening) channels.delete(projectId);
      throw error;
    }
  }

  return {
    publish(event) {
      local.publish(event);
      sender.add(event);
    },
    async subscribe(interest: LiveInterest) {
      const { projectId } = interest;
      // Again where the last one who watched has left meanwhile, and the channel with it.
      for (
        let listening: Promise<void> | undefined;
        listening === undefined || channels.get(projectId) !== listening;
      ) {
        const opened = ready(projectId);
        listening = channels.get(projectId);
        await opened;
      }
      return local.subscribe(interest);
    },
    close() {
      sender.close();
      local.lose();
    },
  };
}

/** Gathers events and sends them to the other nodes, of each project in their order. Nobody waits for it. */
class Sender {
  readonly #options: RedisLiveFeedOptions;
  readonly #from: string;
  #gathered: LiveEvent[] = [];
  #sending = 0;
  #timer: Timer | undefined;
  #closed = false;
  /** Messages of each project, also those that were not sent. */
  readonly #numbers = new Map<EntityId, number>();

  constructor(options: RedisLiveFeedOptions, from: string) {
    this.#options = options;
    this.#from = from;
  }

  add(event: LiveEvent): void {
    if (this.#closed) return;
    if (this.#gathered.length >= GATHERED_MAX) {
      this.#number(event.projectId);
      this.#unsent(1);
      return;
    }
    this.#gathered.push(event);
    this.#timer ??= this.#options.clock.setTimer(GATHER_MS, () => this.#send());
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#gathered = [];
  }

  #send(): void {
    this.#timer = undefined;
    const { redis } = this.#options;
    const perProject = new Map<EntityId, LiveEvent[]>();
    for (const event of this.#gathered) {
      const events = perProject.get(event.projectId);
      if (events === undefined) perProject.set(event.projectId, [event]);
      else events.push(event);
    }
    this.#gathered = [];
    for (const [projectId, events] of perProject) {
      const n = this.#number(projectId);
      if (this.#sending >= SENDING_MAX) {
        this.#unsent(events.length);
        continue;
      }
      this.#sending++;
      const message: Message = { from: this.#from, n, events };
      redis
        .publish(redis.key('live', projectId), JSON.stringify(message))
        .catch(() => this.#unsent(events.length))
        .finally(() => this.#sending--);
    }
  }

  #number(projectId: EntityId): number {
    const n = (this.#numbers.get(projectId) ?? 0) + 1;
    // The one that was silent for longest is forgotten first.
    this.#numbers.delete(projectId);
    this.#numbers.set(projectId, n);
    for (const oldest of this.#numbers.keys()) {
      if (this.#numbers.size <= COUNTED_MAX) break;
      this.#numbers.delete(oldest);
    }
    return n;
  }

  #unsent(events: number): void {
    this.#options.telemetry?.count('rapida_live_unsent_total', {}, events);
  }
}

/** Undefined where it is none of ours: other versions, other programs. */
function parse(text: string, projectId: EntityId): Message | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof message !== 'object' || message === null) return undefined;
  const { from, n, events } = message as Partial<Record<keyof Message, unknown>>;
  const isOurs = typeof from === 'string' && typeof n === 'number' && Array.isArray(events);
  return isOurs && events.every((event) => isEvent(event, projectId)) ? { from, n, events } : undefined;
}

function isEvent(event: unknown, projectId: EntityId): event is LiveEvent {
  if (typeof event !== 'object' || event === null) return false;
  const given = event as Partial<Record<keyof LiveEvent, unknown>>;
  return (
    given.projectId === projectId &&
    typeof given.callId === 'string' &&
    typeof given.assistantId === 'string' &&
    typeof given.type === 'string' &&
    (given.seq === null || typeof given.seq === 'number') &&
    typeof given.atMs === 'number' &&
    typeof given.data === 'object' &&
    given.data !== null
  );
}
