import type { LiveEvent as Spoken } from '@rapida/conversation';
import {
  type CallContext,
  type CallStore,
  type Clock,
  type EntityId,
  FINAL_STATES,
  type LiveEvent,
  type LiveEventType,
  type LiveFeed,
  type LiveSubscription,
  RapidaError,
  type Telemetry,
  type TranscriptTurn,
  turnData,
} from '@rapida/core';
import type { StoreHealth } from './store-health.js';
import type { FollowOver, FollowRequest, LiveStream, LiveUseCases } from './use-cases.js';

/** Open at once, in all. Each costs a list of references, and a connection. */
export const STREAMS_MAX = 500;
/** Of them with one key: a program that opens one for each call and closes none leaves room for the others. */
export const STREAMS_PER_KEY_MAX = 50;

/** Tells what is said in one call while it is said. Synchronous; nobody is waited for. */
export interface LiveWords {
  said(event: Spoken): void;
  /** As it will stand in the transcript. */
  turn(turn: TranscriptTurn): void;
}

const NAMES: Readonly<Record<Spoken['type'], LiveEventType>> = {
  caller_partial: 'caller.partial',
  caller_said: 'caller.said',
  assistant_saying: 'assistant.saying',
  assistant_paused: 'assistant.paused',
  assistant_resumed: 'assistant.resumed',
  assistant_interrupted: 'assistant.interrupted',
};

export function createLiveWords(
  { liveFeed, clock }: { readonly liveFeed: Pick<LiveFeed, 'publish'>; readonly clock: Pick<Clock, 'wallMs'> },
  { projectId, assistantId, callId }: Pick<CallContext, 'projectId' | 'assistantId' | 'callId'>,
): LiveWords {
  const tell = (type: LiveEventType, data: LiveEvent['data']): void =>
    liveFeed.publish({ projectId, assistantId, callId, seq: null, type, atMs: clock.wallMs(), data });
  return {
    said({ type, ...data }) {
      tell(NAMES[type], data);
    },
    turn: (turn) => tell('turn', turnData(turn)),
  };
}

export interface LiveDependencies {
  readonly liveFeed: LiveFeed;
  readonly calls: Pick<CallStore, 'get' | 'events'>;
  readonly health: StoreHealth;
  readonly telemetry: Telemetry;
  readonly streamsMax?: number;
  readonly streamsPerKeyMax?: number;
}

export function createLiveUseCases(dependencies: LiveDependencies): LiveUseCases {
  const { telemetry, streamsMax = STREAMS_MAX, streamsPerKeyMax = STREAMS_PER_KEY_MAX } = dependencies;
  const perKey = new Map<EntityId, number>();
  let streams = 0;

  /** Takes a place; what is returned gives it back, once. */
  function take(keyId: EntityId): () => void {
    const ofKey = perKey.get(keyId) ?? 0;
    if (streams >= streamsMax || ofKey >= streamsPerKeyMax) throw new RapidaError('too_many_streams');
    perKey.set(keyId, ofKey + 1);
    telemetry.gauge('rapida_live_streams', ++streams);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const left = (perKey.get(keyId) ?? 1) - 1;
      if (left === 0) perKey.delete(keyId);
      else perKey.set(keyId, left);
      telemetry.gauge('rapida_live_streams', --streams);
    };
  }

  return {
    async follow(request) {
      let giveBack = (): void => {};
      try {
        giveBack = take(request.keyId);
        return await follow(dependencies, request, giveBack);
      } catch (error) {
        giveBack();
        telemetry.count('rapida_live_refused_total', { code: RapidaError.from(error).code });
        throw error;
      }
    },
  };
}

async function follow(
  dependencies: LiveDependencies,
  { projectId, callId, assistantId, afterSeq }: FollowRequest,
  giveBack: () => void,
): Promise<LiveStream> {
  const { liveFeed, calls, health } = dependencies;
  const only = { ...(callId !== undefined && { callId }), ...(assistantId !== undefined && { assistantId }) };
  // Before the record is read: what is stored after that is published to it.
  const live = await liveFeed.subscribe({ projectId, ...only });
  const close = (): void => {
    live.close();
    giveBack();
  };
  if (callId === undefined) return { isSpent: false, next: () => live.next(), close };
  try {
    const call = await health.watch('call_get', calls.get(projectId, callId));
    if (call === undefined) throw new RapidaError('call_not_found');
    if (assistantId !== undefined && call.assistantId !== assistantId) throw new RapidaError('call_not_found');
    const stream = new CallStream(dependencies, call, live, { afterSeq: afterSeq ?? 0, close });
    await stream.readRecord();
    // Its last event was written with the state, unless it is yet to be analysed.
    if (FINAL_STATES.includes(call.state) && call.analysis?.state !== 'pending') stream.end();
    return stream;
  } catch (error) {
    live.close();
    throw error;
  }
}

type Whose = Pick<LiveEvent, 'projectId' | 'assistantId'> & { readonly id: EntityId };

/**
 * The stored events of one call and then what happens in it. An event is known by its number: one that was read from the
 * record already is passed over, and where one is missing, the record is read again.
 */
class CallStream implements LiveStream {
  readonly #dependencies: LiveDependencies;
  readonly #call: Whose;
  readonly #live: LiveSubscription;
  readonly #close: () => void;
  #seq: number;
  /** Read from the record and not given yet: as many as a call has events at most. */
  #stored: LiveEvent[] = [];
  #over: FollowOver | undefined;

  constructor(
    dependencies: LiveDependencies,
    call: Whose,
    live: LiveSubscription,
    { afterSeq, close }: { readonly afterSeq: number; readonly close: () => void },
  ) {
    this.#dependencies = dependencies;
    this.#call = call;
    this.#live = live;
    this.#seq = afterSeq;
    this.#close = close;
  }

  get isSpent(): boolean {
    return this.#over !== undefined && this.#stored.length === 0;
  }

  async readRecord(): Promise<void> {
    const { calls, health } = this.#dependencies;
    const { id: callId, projectId, assistantId } = this.#call;
    const stored = await health.watch('events', calls.events(callId));
    if (this.#over !== undefined) return;
    this.#stored = stored
      .filter(({ seq }) => seq > this.#seq)
      .map((event) => ({ projectId, assistantId, callId, ...event }));
  }

  /** Nothing comes after what was read from the record. */
  end(): void {
    this.#over ??= 'call_ended';
    this.#live.close();
  }

  async next(): Promise<LiveEvent | FollowOver> {
    for (;;) {
      const stored = this.#stored.shift();
      if (stored !== undefined) return this.#given(stored);
      if (this.#over !== undefined) return this.#over;
      const next = await this.#live.next();
      if (typeof next === 'string') {
        this.#over ??= next;
        return this.#over;
      }
      if (next.seq === null) return next;
      if (next.seq === this.#seq + 1) return this.#given(next);
      if (next.seq > this.#seq) await this.#fillHole();
    }
  }

  close(): void {
    this.#over ??= 'closed';
    this.#stored = [];
    this.#close();
  }

  #given(event: LiveEvent): LiveEvent {
    this.#seq = event.seq ?? this.#seq;
    if (isLast(event)) this.end();
    return event;
  }

  async #fillHole(): Promise<void> {
    try {
      await this.readRecord();
    } catch {
      // It was logged and counted. Whoever asks again, after the last one that was given, has no hole.
      this.#dependencies.telemetry.count('rapida_live_cut_total', { why: 'lost' });
      this.#over ??= 'lost';
    }
  }
}

function isLast({ type, data }: LiveEvent): boolean {
  if (type === 'call.ended' || type === 'call.failed') return data.analysis !== 'pending';
  return type === 'call.analysed';
}
