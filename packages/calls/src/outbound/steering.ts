import {
  type CallContext,
  type CallRecord,
  type CallStore,
  type Clock,
  type EntityId,
  type LegWord,
  type Logger,
  type NodeCommands,
  sleep,
  type TransferFailure,
} from '@rapida/core';
import type { LegSession, LiveCall, LiveCalls } from '../live-calls.js';
import type { StoreHealth } from '../store-health.js';
import type { LegHandOver } from './leg-hand-over.js';
import type { Legs } from './legs.js';
import type { TransferWatch } from './transfer-watch.js';

/** How long the other node may take to say that it has heard; what is told again after that is told anew. */
export const TELL_MS_MAX = 1_000;
/** Waits between attempts to tell the other node; then it finds out by itself, by the record or by Asterisk. */
export const TELL_AGAIN_MS: readonly number[] = [250, 1_000, 3_000];
/** From an order to hand over until its outcome is decided: the dialplan asks within seconds. */
export const WATCH_DECIDED_MS_MAX = 30_000;

/** A session and the leg of its call may be at different nodes: each side finds the other here as if it were its own. */
export interface Steering extends Pick<Legs, 'journalOf' | 'has'> {
  /** Its media is here, or has ended here: whoever steers its channel is told, wherever that is. */
  connected(held: LiveCall): void;
  sessionEnded(call: Ended): void;
  /** Undefined where nobody steers the call. Never rejects. */
  handOver(callId: EntityId, target: string, signal: AbortSignal): Promise<LegHandOver | undefined>;
  /** What another node tells; false where that means nothing here. */
  hear(callId: EntityId, word: LegWord, text: string): boolean;
  /** The last one given hears of calls whose media has ended here, and whose leg nobody answers for any more. */
  whenUnheard(listener: (call: CallRecord) => void): void;
  /** Whoever has the media of a call that is steered here, by the record: it may be that we were not told. Never rejects. */
  sessionElsewhere(call: Pick<CallRecord, 'id' | 'projectId'>): Promise<LegSession | undefined>;
}

type Ended = Pick<CallContext, 'callId' | 'projectId'>;

export interface SteeringDependencies {
  readonly legs: Legs;
  readonly live: LiveCalls;
  readonly calls: Pick<CallStore, 'get'>;
  readonly nodeCommands: Pick<NodeCommands, 'hold' | 'send'>;
  readonly health: StoreHealth;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function createSteering(dependencies: SteeringDependencies): Steering {
  const { legs, live, calls, health } = dependencies;
  const { tell, tellUntilHeard } = createTelling(dependencies);
  /** Calls with their media here and their leg elsewhere; resolves with whether there is such a leg. */
  const elsewhere = new Map<EntityId, Promise<boolean>>();
  let onUnheard = (_call: CallRecord): void => {};
  const asked = new Map<EntityId, (result: LegHandOver) => void>();
  const orders = createOrders(dependencies, tell);

  const sessionAt = (callId: EntityId): LegSession => ({
    press: (digit) => void tell(callId, 'key_pressed', digit),
    callerGone: () => void tell(callId, 'caller_gone'),
    async close(reason) {
      await tell(callId, 'close', reason);
      // It ends by now, or nobody is there any more to say so.
      legs.sessionEnded(callId);
    },
  });

  async function askElsewhere(callId: EntityId, target: string, signal: AbortSignal): Promise<LegHandOver | undefined> {
    if (!(await elsewhere.get(callId))) return undefined;
    const answer = new Promise<LegHandOver>((resolve) => {
      asked.set(callId, resolve);
      signal.addEventListener('abort', () => resolve(failed('call_ended')), { once: true });
    });
    try {
      if (!(await tell(callId, 'hand_over', target))) return failed('asterisk_unreachable');
      return await answer;
    } finally {
      asked.delete(callId);
      if (signal.aborted) void tell(callId, 'hand_over_dropped');
    }
  }

  async function tellOfEnd({ callId, projectId }: Ended): Promise<void> {
    if (await tellUntilHeard(callId, 'media_ended')) return;
    const call = await health.watch('call_get', calls.get(projectId, callId)).catch(() => undefined);
    if (call !== undefined) onUnheard(call);
  }

  return {
    whenUnheard(listener) {
      onUnheard = listener;
    },
    journalOf: (callId) => legs.journalOf(callId),
    has: (callId) => legs.has(callId),
    connected(held) {
      const { callId } = held;
      if (legs.connected(callId, held)) return;
      elsewhere.set(callId, tellUntilHeard(callId, 'media_connected'));
    },
    sessionEnded(call) {
      const { callId } = call;
      legs.sessionEnded(callId);
      const told = elsewhere.get(callId);
      elsewhere.delete(callId);
      void told?.then((isSteered) => (isSteered ? tellOfEnd(call) : undefined));
    },
    async handOver(callId, target, signal) {
      return (await legs.handOver(callId, target, signal)) ?? askElsewhere(callId, target, signal);
    },
    hear(callId, word, text) {
      switch (word) {
        case 'media_connected':
          return legs.connected(callId, sessionAt(callId));
        case 'media_ended':
          return legs.sessionEnded(callId);
        case 'key_pressed':
          return live.press(callId, text);
        case 'caller_gone':
          return live.callerGone(callId);
        case 'close':
          return live.close(callId, text);
        case 'handed_over':
          return handedOver(asked.get(callId), watchAt(callId, tell), text);
        default:
          return orders.hear(callId, word, text);
      }
    },
    async sessionElsewhere({ id, projectId }) {
      const call = await health.watch('call_get', calls.get(projectId, id)).catch(() => undefined);
      return call?.state === 'connected' && !live.has(id) ? sessionAt(id) : undefined;
    },
  };
}

type Tell = (callId: EntityId, word: LegWord, text?: string) => Promise<boolean>;

/** What is told of one call is told in its order. */
function createTelling({ nodeCommands, clock, logger }: SteeringDependencies): {
  readonly tell: Tell;
  readonly tellUntilHeard: Tell;
} {
  const telling = new Map<EntityId, Promise<unknown>>();

  function inTurn<T>(callId: EntityId, work: () => Promise<T>): Promise<T> {
    const turn = (telling.get(callId) ?? Promise.resolve()).then(work);
    const settled = turn.finally(() => {
      if (telling.get(callId) === settled) telling.delete(callId);
    });
    telling.set(callId, settled);
    return turn;
  }

  /** Undefined: it is not known whether somebody is there. */
  async function attempt(callId: EntityId, word: LegWord, text: string): Promise<boolean | undefined> {
    try {
      const answer = await nodeCommands.send(callId, { type: 'leg', word, text }, TELL_MS_MAX);
      return answer === 'node_gone' ? undefined : answer === 'done';
    } catch (error) {
      logger.warn({ err: error, callId, word }, 'another node could not be told of a call');
      return undefined;
    }
  }

  return {
    tell: (callId, word, text = '') => inTurn(callId, async () => (await attempt(callId, word, text)) === true),
    tellUntilHeard: (callId, word, text = '') =>
      inTurn(callId, async () => {
        for (const waitMs of TELL_AGAIN_MS) {
          const heard = await attempt(callId, word, text);
          if (heard !== undefined) return heard;
          await sleep(clock, waitMs);
        }
        return (await attempt(callId, word, text)) === true;
      }),
  };
}

interface Order {
  readonly dropped: AbortController;
  watch?: TransferWatch;
}

/** Orders of other nodes to hand over callers whose channels are steered here; each is held until its outcome is decided. */
function createOrders({ legs, nodeCommands, clock }: SteeringDependencies, tell: Tell) {
  const orders = new Map<EntityId, Order>();

  async function handOver(callId: EntityId, target: string): Promise<void> {
    const order: Order = { dropped: new AbortController() };
    const release = nodeCommands.hold(callId);
    orders.set(callId, order);
    const result = (await legs.handOver(callId, target, order.dropped.signal)) ?? failed('asterisk_unreachable');
    if (result.ok) order.watch = result.watch;
    const { watch, ...told } = { watch: undefined, ...result };
    const heard = await tell(callId, 'handed_over', JSON.stringify(told));
    if (!result.ok || !heard) {
      order.watch?.drop();
    } else await sleep(clock, WATCH_DECIDED_MS_MAX);
    if (orders.get(callId) === order) orders.delete(callId);
    release();
  }

  return {
    hear(callId: EntityId, word: LegWord, target: string): boolean {
      if (word === 'hand_over') {
        if (!legs.has(callId)) return false;
        void handOver(callId, target);
        return true;
      }
      const order = orders.get(callId);
      if (order === undefined) return false;
      if (word === 'hand_over_dropped') order.dropped.abort('call_ended');
      else if (word === 'watch_listen') order.watch?.listen();
      else if (word === 'watch_confirm') order.watch?.confirm();
      else if (word === 'watch_drop') order.watch?.drop();
      else return false;
      return true;
    },
  };
}

/** The watch is where the channel is steered. */
function watchAt(callId: EntityId, tell: Tell): TransferWatch {
  return {
    listen: () => void tell(callId, 'watch_listen'),
    confirm: () => void tell(callId, 'watch_confirm'),
    drop: () => void tell(callId, 'watch_drop'),
    onAri() {},
  };
}

function handedOver(resolve: ((result: LegHandOver) => void) | undefined, watch: TransferWatch, text: string): boolean {
  if (resolve === undefined) return false;
  const told = JSON.parse(text) as Omit<LegHandOver & { ok: true }, 'watch'> | (LegHandOver & { ok: false });
  resolve(told.ok ? { ...told, watch } : told);
  return true;
}

function failed(reason: TransferFailure): LegHandOver {
  return { ok: false, reason };
}
