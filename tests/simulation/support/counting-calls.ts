import {
  type CallPatch,
  type CallRecord,
  type CallState,
  type CallStore,
  type EntityId,
  FINAL_STATES,
  type NewCallEvent,
} from '@rapida/core';

interface Kept {
  readonly state: CallState;
  readonly events: number;
  readonly ends: readonly string[];
}

/** Calls that are only counted: each is forgotten when it is asked for, so that what is left in memory is not the store's. */
export class CountingCalls implements CallStore {
  created = 0;
  readonly #live = new Map<EntityId, Kept>();

  get remembered(): number {
    return this.#live.size;
  }

  /** How a call ended; undefined where there is no such call, or it was asked for before. */
  forget(id: EntityId): Kept | undefined {
    const kept = this.#live.get(id);
    this.#live.delete(id);
    return kept;
  }

  async create({ id, state }: CallRecord): Promise<void> {
    this.created++;
    this.#live.set(id, { state, events: 0, ends: [] });
  }

  /** Nothing ever waits here. */
  async replay(): Promise<'refused'> {
    return 'refused';
  }

  async forgetReplays(): Promise<number> {
    return 0;
  }

  async createAll(calls: readonly CallRecord[]): Promise<undefined> {
    for (const call of calls) await this.create(call);
  }

  async answer(): Promise<undefined> {}

  async forgetAnswers(): Promise<number> {
    return 0;
  }

  /** Nothing is ever queued here. */
  async due(): Promise<readonly CallRecord[]> {
    return [];
  }

  async queued(): Promise<number> {
    return 0;
  }

  async transition(
    id: EntityId,
    from: readonly CallState[],
    state: CallState,
    _patch: CallPatch,
    event?: NewCallEvent,
  ): Promise<boolean> {
    const kept = this.#live.get(id);
    if (kept === undefined || !from.includes(kept.state)) return false;
    if (FINAL_STATES.includes(kept.state)) throw new Error(`call ${id} was to leave ${kept.state}`);
    this.#live.set(id, { ...kept, state });
    if (event !== undefined) await this.appendEvent(id, event);
    return true;
  }

  async appendEvent(id: EntityId, { type, atMs, data }: { type: string; atMs: number; data: CallEventData }) {
    const kept = this.#live.get(id) ?? { state: 'registered', events: 0, ends: [] };
    const isEnd = type === 'call.ended' || type === 'call.failed';
    const ends = isEnd ? [...kept.ends, type] : kept.ends;
    this.#live.set(id, { ...kept, events: kept.events + 1, ends });
    return { seq: kept.events + 1, type, atMs, data };
  }

  async get(): Promise<undefined> {}
  async getByContext(): Promise<undefined> {}
  async list() {
    return { data: [], nextCursor: null };
  }
  async patch(): Promise<void> {}
  /** No node ever dies here. */
  async takeOver(): Promise<boolean> {
    return false;
  }
  async events(): Promise<[]> {
    return [];
  }
  async addTurn(): Promise<void> {}
  async turns(): Promise<[]> {
    return [];
  }
  async setMetric(): Promise<void> {}
  async metrics(): Promise<[]> {
    return [];
  }
  /** Nothing is ever promised here. */
  async analysed(): Promise<boolean> {
    return false;
  }
  async unanalysed(): Promise<[]> {
    return [];
  }
  async unfinished(): Promise<[]> {
    return [];
  }
}

type CallEventData = Parameters<CallStore['appendEvent']>[1]['data'];
