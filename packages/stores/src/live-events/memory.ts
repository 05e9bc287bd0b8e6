import {
  type EntityId,
  type LiveEnd,
  type LiveEvent,
  type LiveFeed,
  type LiveInterest,
  type LiveSubscription,
  silentTelemetry,
  type Telemetry,
} from '@rapida/core';

/** Some seconds of a busy project. The events are shared: a subscriber that does not read costs a list of references. */
export const BUFFERED_MAX = 1_000;

export interface MemoryLiveFeedOptions {
  readonly telemetry?: Telemetry;
  /** Events that wait for one subscriber; with one more it is cut off. */
  readonly bufferedMax?: number;
  /** Nobody watches this project any more. */
  readonly onUnwanted?: (projectId: EntityId) => void;
}

export interface MemoryLiveFeed extends LiveFeed {
  /** Something may have been missed: ends the subscriptions to a project, or to all. Counted. */
  lose(projectId?: EntityId): void;
}

/** Carries events within one process. */
export function createMemoryLiveFeed(options: MemoryLiveFeedOptions = {}): MemoryLiveFeed {
  const { telemetry = silentTelemetry, bufferedMax = BUFFERED_MAX, onUnwanted } = options;
  /** By project: what happens in others costs nothing. */
  const subscribers = new Map<string, Set<Subscriber>>();

  function remove(subscriber: Subscriber): void {
    const { projectId } = subscriber.interest;
    const ofProject = subscribers.get(projectId);
    ofProject?.delete(subscriber);
    if (ofProject?.size !== 0) return;
    subscribers.delete(projectId);
    onUnwanted?.(projectId);
  }

  return {
    publish(event) {
      const ofProject = subscribers.get(event.projectId);
      if (ofProject === undefined) return;
      for (const subscriber of ofProject) {
        if (!subscriber.wants(event) || subscriber.take(event)) continue;
        telemetry.count('rapida_live_cut_total', { why: 'too_slow' });
      }
    },
    async subscribe(interest) {
      const subscriber = new Subscriber(interest, bufferedMax, remove);
      const ofProject = subscribers.get(interest.projectId) ?? new Set();
      subscribers.set(interest.projectId, ofProject.add(subscriber));
      return subscriber;
    },
    lose(projectId) {
      const lost = projectId === undefined ? [...subscribers.values()] : [subscribers.get(projectId) ?? []];
      for (const subscriber of lost.flatMap((some) => [...some])) {
        subscriber.lose();
        telemetry.count('rapida_live_cut_total', { why: 'lost' });
      }
    },
  };
}

class Subscriber implements LiveSubscription {
  readonly interest: LiveInterest;
  readonly #bufferedMax: number;
  readonly #onEnd: (self: Subscriber) => void;
  #buffered: LiveEvent[] = [];
  #read = 0;
  #ended: LiveEnd | undefined;
  /** Set while the reader waits; then nothing is buffered. */
  #waiting: ((next: LiveEvent | LiveEnd) => void) | undefined;

  constructor(interest: LiveInterest, bufferedMax: number, onEnd: (self: Subscriber) => void) {
    this.interest = interest;
    this.#bufferedMax = bufferedMax;
    this.#onEnd = onEnd;
  }

  wants({ callId, assistantId }: LiveEvent): boolean {
    const { interest } = this;
    return (
      (interest.callId === undefined || interest.callId === callId) &&
      (interest.assistantId === undefined || interest.assistantId === assistantId)
    );
  }

  /** False where there was no room for it: then it is cut off. */
  take(event: LiveEvent): boolean {
    if (this.#waiting !== undefined) this.#answer(event);
    else if (this.#buffered.length - this.#read < this.#bufferedMax) this.#buffered.push(event);
    else {
      this.#end('too_slow');
      return false;
    }
    return true;
  }

  next(): Promise<LiveEvent | LiveEnd> {
    if (this.#ended !== undefined) return Promise.resolve(this.#ended);
    const event = this.#buffered[this.#read];
    if (event === undefined) {
      return new Promise((resolve) => {
        this.#waiting = resolve;
      });
    }
    this.#read++;
    // Given up in slices: taking one from the front of a long list moves all the others.
    if (this.#read === this.#buffered.length || this.#read >= this.#bufferedMax) {
      this.#buffered = this.#buffered.slice(this.#read);
      this.#read = 0;
    }
    return Promise.resolve(event);
  }

  close(): void {
    if (this.#ended === undefined) this.#end('closed');
  }

  /** What waits is dropped: whoever has to read the record again reads it from there. */
  lose(): void {
    if (this.#ended === undefined) this.#end('lost');
  }

  #end(why: LiveEnd): void {
    this.#ended = why;
    this.#buffered = [];
    this.#read = 0;
    this.#onEnd(this);
    this.#answer(why);
  }

  #answer(next: LiveEvent | LiveEnd): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(next);
  }
}
