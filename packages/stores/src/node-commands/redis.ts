import { randomUUID } from 'node:crypto';
import {
  type CallCommand,
  type Clock,
  type CommandAnswer,
  type CommandHandler,
  type EntityId,
  type NodeCommands,
  RapidaError,
  silentTelemetry,
  type Telemetry,
  type Timer,
} from '@rapida/core';
import type { RedisLink } from '../redis/link.js';
import { better, carryOut, HeldCalls } from './memory.js';

/** Who holds a call is written down anew this often, and forgotten after the lease: then its node is long known to be dead. */
export const HOLDER_RENEW_MS = 10_000;
export const HOLDER_LEASE_MS = 35_000;
/** Calls written down in one go. */
const RENEW_BATCH = 500;
/** Commands on their way to other nodes. */
export const ASKED_MAX = 1_000;
const ANSWERS: readonly unknown[] = ['done', 'refused', 'not_here', 'node_gone'] satisfies CommandAnswer[];

export interface RedisNodeCommandsOptions {
  readonly redis: RedisLink;
  readonly clock: Clock;
  readonly telemetry?: Telemetry;
}

export interface RedisNodeCommands extends NodeCommands {
  /** Holds nothing and answers nothing any more; whoever waits hears `node_gone`. Idempotent. */
  close(): Promise<void>;
}

type Message =
  | {
      readonly type: 'ask';
      readonly id: string;
      readonly from: string;
      readonly callId: EntityId;
      readonly command: CallCommand;
    }
  | { readonly type: 'answer'; readonly id: string; readonly answer: CommandAnswer };

/**
 * Each process has an address of its own, and a channel under it. Who holds a call is a hash of addresses with a lease. Where
 * nobody listens to an address its process has died; where somebody does and says nothing in time, it is gone as well.
 */
export async function openRedisNodeCommands(options: RedisNodeCommandsOptions): Promise<RedisNodeCommands> {
  const node = new Node(options);
  await node.open();
  return node;
}

class Node implements RedisNodeCommands {
  readonly #redis: RedisLink;
  readonly #clock: Clock;
  readonly #telemetry: Telemetry;
  readonly #address = randomUUID();
  readonly #held = new HeldCalls();
  readonly #asked = new Map<string, (answer: CommandAnswer) => void>();
  #handler: CommandHandler | undefined;
  #timer: Timer | undefined;
  #stopListening = (): void => {};
  #closed = false;

  constructor({ redis, clock, telemetry = silentTelemetry }: RedisNodeCommandsOptions) {
    this.#redis = redis;
    this.#clock = clock;
    this.#telemetry = telemetry;
  }

  async open(): Promise<void> {
    await this.#redis.listen(this.#channel(this.#address), { onMessage: (text) => this.#onMessage(text) });
    // It may have forgotten who holds what.
    this.#stopListening = this.#redis.onReady(() => this.#writeAll());
    this.#schedule();
  }

  hold(callId: EntityId): () => void {
    const isFirst = !this.#held.has(callId);
    const over = this.#held.hold(callId, () => this.#forget(callId));
    if (isFirst && !this.#closed) this.#write([callId]);
    return over;
  }

  handle(handler: CommandHandler): void {
    this.#handler = handler;
  }

  async send(callId: EntityId, command: CallCommand, timeoutMs: number): Promise<CommandAnswer> {
    const own = this.#held.has(callId) ? carryOut(this.#handler, callId, command) : 'not_here';
    if (own === 'done') return own;
    const addresses = await this.#holders(callId, own);
    let best: CommandAnswer = own;
    for (const address of addresses) {
      best = better(best, await this.#ask(address, callId, command, timeoutMs / addresses.length));
      if (best === 'done') break;
    }
    if (addresses.length > 0 || own === 'not_here') {
      this.#telemetry.count('rapida_node_commands_total', { outcome: best });
    }
    return best;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#stopListening();
    this.#redis.ignore(this.#channel(this.#address));
    for (const answer of [...this.#asked.values()]) answer('node_gone');
    await Promise.all(this.#held.ids.map((callId) => this.#forget(callId)));
  }

  async #holders(callId: EntityId, own: CommandAnswer): Promise<readonly string[]> {
    try {
      const all = await this.#redis.run((redis) => redis.hkeys(this.#holderKey(callId)));
      return all.filter((address) => address !== this.#address);
    } catch (error) {
      // Who holds it here has said what there is to say.
      if (own === 'not_here') throw error;
      return [];
    }
  }

  async #ask(address: string, callId: EntityId, command: CallCommand, timeoutMs: number): Promise<CommandAnswer> {
    if (this.#asked.size >= ASKED_MAX) throw new RapidaError('store_failed', 'Too many commands wait for other nodes.');
    const id = randomUUID();
    const answered = new Promise<CommandAnswer>((resolve) => {
      const timer = this.#clock.setTimer(timeoutMs, () => settle('node_gone'));
      const settle = (answer: CommandAnswer): void => {
        timer.cancel();
        this.#asked.delete(id);
        resolve(answer);
      };
      this.#asked.set(id, settle);
    });
    try {
      const listeners = await this.#publish(address, { type: 'ask', id, from: this.#address, callId, command });
      if (listeners === 0) this.#asked.get(id)?.('node_gone');
    } catch (error) {
      this.#asked.get(id)?.('node_gone');
      throw error;
    }
    return answered;
  }

  #onMessage(text: string): void {
    const message = parse(text);
    if (message === undefined) this.#telemetry.count('rapida_node_commands_total', { outcome: 'malformed' });
    // Late answers are nobody's any more.
    else if (message.type === 'answer') this.#asked.get(message.id)?.(message.answer);
    else {
      const { id, from, callId, command } = message;
      const answer = this.#held.has(callId) ? carryOut(this.#handler, callId, command) : 'not_here';
      // Where it is lost, who asked has waited in vain and says so.
      this.#publish(from, { type: 'answer', id, answer }).catch(() => {});
    }
  }

  #publish(address: string, message: Message): Promise<number> {
    return this.#redis.publish(this.#channel(address), JSON.stringify(message));
  }

  #channel(address: string): string {
    return this.#redis.key('node', address);
  }

  #holderKey(callId: EntityId): string {
    return this.#redis.key('holder', callId);
  }

  #schedule(): void {
    this.#timer = this.#clock.setTimer(HOLDER_RENEW_MS, () => {
      this.#writeAll();
      this.#schedule();
    });
  }

  #writeAll(): void {
    const { ids } = this.#held;
    for (let n = 0; n < ids.length; n += RENEW_BATCH) this.#write(ids.slice(n, n + RENEW_BATCH));
  }

  /** Where it fails the connection is away, and everything is written when it is back. */
  #write(callIds: readonly EntityId[]): void {
    const writing = this.#redis.run((redis) => {
      const pipeline = redis.pipeline();
      for (const callId of callIds) {
        pipeline.hset(this.#holderKey(callId), this.#address, 1).pexpire(this.#holderKey(callId), HOLDER_LEASE_MS);
      }
      return pipeline.exec();
    });
    writing.catch(() => {});
  }

  async #forget(callId: EntityId): Promise<void> {
    await this.#redis.run((redis) => redis.hdel(this.#holderKey(callId), this.#address)).catch(() => {});
  }
}

/** Undefined where it is none of ours: other versions, other programs. */
function parse(text: string): Message | undefined {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof given !== 'object' || given === null) return undefined;
  const { type, id, from, callId, command, answer } = given as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string') return undefined;
  if (type === 'answer') return ANSWERS.includes(answer) ? { type, id, answer: answer as CommandAnswer } : undefined;
  const known =
    type === 'ask' && typeof from === 'string' && typeof callId === 'string' ? asCommand(command) : undefined;
  return known && { type: 'ask', id, from: String(from), callId: String(callId), command: known };
}

function asCommand(given: unknown): CallCommand | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { type, reason, text, target } = given as Readonly<Record<string, unknown>>;
  if (type === 'hangup' && typeof reason === 'string') return { type, reason };
  if (type === 'say' && typeof text === 'string') return { type, text };
  if (type === 'transfer' && typeof target === 'string') return { type, target };
  if (type === 'listen') return { type };
  return undefined;
}
