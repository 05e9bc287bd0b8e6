import { createHash } from 'node:crypto';
import { type Clock, type Logger, RapidaError, type Timer } from '@rapida/core';
import { Redis } from 'ioredis';

/** Whoever waits for Redis has to answer somebody within a second. */
export const COMMAND_MS_MAX = 700;
/** A connection on which an answer is due and nothing comes is replaced. */
const SILENCE_MS_MAX = 2_000;
const CONNECT_MS_MAX = 1_000;
const RECONNECT_MS_MIN = 50;
const RECONNECT_MS_MAX = 1_000;
/** A connection that only listens would not notice that the other side is gone. */
export const HEARTBEAT_MS = 3_000;

export interface RedisLinkOptions {
  /** `redis://` or `rediss://`, with user, password and number of the database. */
  readonly url: string;
  /** In front of every key and channel: installations that share a Redis have one each. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Redis runs it as one step. */
export interface RedisScript {
  readonly lua: string;
  readonly sha: string;
}

export function redisScript(lua: string): RedisScript {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

export interface ChannelListener {
  onMessage(text: string): void;
  /** Something may have been missed. */
  onLost?(): void;
}

/**
 * Two connections to one Redis: one that asks, one that listens. A lost one comes back by itself; until then everything fails
 * at once with `store_failed`, and nothing waits in a queue or is sent twice.
 */
export class RedisLink {
  readonly prefix: string;
  readonly #clock: Clock;
  readonly #asking: Redis;
  readonly #listening: Redis;
  readonly #channels = new Map<string, ChannelListener>();
  readonly #onReady = new Set<() => void>();
  #heartbeat: Timer | undefined;
  #closed = false;

  private constructor({ url, prefix, clock, logger }: RedisLinkOptions) {
    this.prefix = prefix;
    this.#clock = clock;
    this.#asking = connection(url, `${prefix}:asking`);
    this.#listening = connection(url, `${prefix}:listening`);
    for (const [name, redis] of [
      ['asking', this.#asking],
      ['listening', this.#listening],
    ] as const) {
      // What was never there is not lost: `open` says why.
      let state: 'opening' | 'up' | 'lost' = 'opening';
      // Without a listener an error would end the process; what it says is said once, when the connection closes.
      redis.on('error', () => {});
      redis.on('close', () => {
        if (state !== 'up' || this.#closed) return;
        logger.error({ connection: name }, 'the connection to Redis was lost');
        state = 'lost';
      });
      redis.on('ready', () => {
        if (state === 'lost') logger.info({ connection: name }, 'the connection to Redis is back');
        state = 'up';
      });
    }
    this.#asking.on('ready', () => {
      for (const listener of this.#onReady) listener();
    });
    this.#listening.on('message', (channel: string, text: string) => this.#channels.get(channel)?.onMessage(text));
    this.#listening.on('close', () => this.#lost());
    this.#listening.on('ready', () => void this.#listenAgain());
  }

  /** Fails with a word that says what is wrong and holds no password. */
  static async open(options: RedisLinkOptions): Promise<RedisLink> {
    const link = new RedisLink(options);
    try {
      await Promise.all([connected(link.#asking), connected(link.#listening)]);
      await link.run((redis) => redis.ping());
    } catch (error) {
      await link.close();
      throw error;
    }
    link.#beat();
    return link;
  }

  key(...parts: readonly string[]): string {
    return [this.prefix, ...parts].join(':');
  }

  /** Fails with `store_failed`, within {@link COMMAND_MS_MAX}. */
  async run<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      return await work(this.#asking);
    } catch (error) {
      throw failure(error);
    }
  }

  script(script: RedisScript, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.run(async (redis) => {
      try {
        return await redis.evalsha(script.sha, keys.length, ...keys, ...args);
      } catch (error) {
        // A Redis that was restarted does not know it any more.
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return redis.eval(script.lua, keys.length, ...keys, ...args);
      }
    });
  }

  /** How many listen. */
  publish(channel: string, text: string): Promise<number> {
    return this.run((redis) => redis.publish(channel, text));
  }

  /** Resolves when everything that is published from now on arrives. One listener per channel. */
  async listen(channel: string, listener: ChannelListener): Promise<void> {
    this.#channels.set(channel, listener);
    try {
      await this.#listening.subscribe(channel);
    } catch (error) {
      if (this.#channels.get(channel) === listener) this.#channels.delete(channel);
      throw failure(error);
    }
  }

  ignore(channel: string): void {
    if (!this.#channels.delete(channel) || this.#closed) return;
    // Where it fails the connection is lost, and with it the subscription.
    this.#listening.unsubscribe(channel).catch(() => {});
  }

  /** Called whenever Redis is there again: it may have forgotten everything. */
  onReady(listener: () => void): () => void {
    this.#onReady.add(listener);
    return () => void this.#onReady.delete(listener);
  }

  /** Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#heartbeat?.cancel();
    this.#channels.clear();
    this.#onReady.clear();
    this.#asking.disconnect();
    this.#listening.disconnect();
  }

  #lost(): void {
    for (const listener of [...this.#channels.values()]) listener.onLost?.();
  }

  async #listenAgain(): Promise<void> {
    if (this.#channels.size === 0) return;
    try {
      await this.#listening.subscribe(...this.#channels.keys());
      // Between the two nothing was heard.
      this.#lost();
    } catch {
      // Not subscribed is not heard: begin again with a new connection.
      if (!this.#closed) this.#listening.disconnect(true);
    }
  }

  #beat(): void {
    if (this.#closed) return;
    this.#heartbeat = this.#clock.setTimer(HEARTBEAT_MS, () => {
      this.#listening.ping().catch(() => {});
      this.#beat();
    });
  }
}

/** `name` is what an administrator sees in CLIENT LIST. */
function connection(url: string, name: string): Redis {
  return new Redis(url, {
    // Its first connection is waited for, and reported where it fails.
    lazyConnect: true,
    protocol: 2,
    disableClientInfo: true,
    connectionName: name,
    connectTimeout: CONNECT_MS_MAX,
    commandTimeout: COMMAND_MS_MAX,
    socketTimeout: SILENCE_MS_MAX,
    keepAlive: 10_000,
    retryStrategy: (times) => Math.min(RECONNECT_MS_MIN * 2 ** Math.min(times, 10), RECONNECT_MS_MAX),
    // What was a master has become a replica: the next connection finds the new one.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
  });
}

async function connected(redis: Redis): Promise<void> {
  let why: unknown;
  const listen = (error: unknown): void => {
    why ??= error;
  };
  redis.on('error', listen);
  try {
    await redis.connect();
  } catch (error) {
    throw failure(why ?? error);
  } finally {
    redis.off('error', listen);
  }
}

/** The library's errors carry what was asked, and with it passwords and the words of callers: only their text goes on. */
function failure(thrown: unknown): RapidaError {
  if (thrown instanceof RapidaError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new RapidaError('store_failed', `Redis: ${sentenceFor(text)}`, { cause: new Error(text) });
}

function sentenceFor(text: string): string {
  if (/WRONGPASS|NOAUTH|invalid password|AUTH/.test(text)) return 'it refused the user or the password';
  if (/NOPERM/.test(text)) return 'the user may not do what is needed';
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/.test(text))
    return `nobody answers (${text})`;
  return text;
}
