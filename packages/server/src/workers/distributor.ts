import type { Clock, Timer } from '@rapida/core';
import { leastLoaded } from './spread.js';

/** The ports, by what is spoken there. */
export const DOORS = ['http', 'audiosocket', 'grpc'] as const;
export type Door = (typeof DOORS)[number];

/** Connections that wait for a worker, where none is up or none has taken them yet. */
export const WAITING_MAX = 1_000;
/** Who has waited for so long has given up. */
export const WAITING_MS_MAX = 10_000;

/** Of a connection what matters here. It is paused: whoever takes it reads everything. */
export interface Connection {
  /** This process is through with it; where another one has it, it lives on there. */
  destroy(): void;
}

export interface DistributedTo<C extends Connection> {
  /** Hands it over; `took` says that it is there. */
  give(id: number, door: Door, connection: C): void;
}

interface Worker<C extends Connection> {
  readonly to: DistributedTo<C>;
  calls: number;
  /** Open ones, and those that are on their way. */
  connections: number;
}

interface Waiting<C extends Connection> {
  readonly door: Door;
  readonly connection: C;
  readonly timer: Timer;
  /** Undefined: nobody was there to be given it. */
  to: Worker<C> | undefined;
}

/**
 * Gives the connections of all ports to the workers. Until a worker has said that it took one it is kept here: those of a worker
 * that dies before go to another.
 */
export class Distributor<C extends Connection> {
  readonly #clock: Clock;
  /** The one that was given something last comes last. */
  readonly #workers = new Map<DistributedTo<C>, Worker<C>>();
  readonly #waiting = new Map<number, Waiting<C>>();
  /** Taken, and not yet closed. */
  readonly #taken = new Map<number, Worker<C>>();
  #nextId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** It is given connections from now on. */
  join(to: DistributedTo<C>): void {
    this.#workers.set(to, { to, calls: 0, connections: 0 });
    for (const [id, waiting] of this.#waiting) if (waiting.to === undefined) this.#give(id, waiting);
  }

  /** Its process has ended. Idempotent. */
  leave(to: DistributedTo<C>): void {
    const gone = this.#workers.get(to);
    this.#workers.delete(to);
    for (const [id, worker] of this.#taken) if (worker === gone) this.#taken.delete(id);
    for (const [id, waiting] of this.#waiting) {
      if (gone === undefined || waiting.to !== gone) continue;
      waiting.to = undefined;
      this.#give(id, waiting);
    }
  }

  /** A connection has come. */
  take(door: Door, connection: C): void {
    if (this.#waiting.size >= WAITING_MAX) return connection.destroy();
    const id = this.#nextId++;
    const timer = this.#clock.setTimer(WAITING_MS_MAX, () => {
      const { to } = this.#waiting.get(id) ?? {};
      if (to !== undefined) to.connections--;
      this.#forget(id);
    });
    const waiting: Waiting<C> = { door, connection, timer, to: undefined };
    this.#waiting.set(id, waiting);
    this.#give(id, waiting);
  }

  /** The worker has it. */
  took(id: number): void {
    const { to } = this.#waiting.get(id) ?? {};
    if (to !== undefined) this.#taken.set(id, to);
    this.#forget(id);
  }

  /** The worker had it, and it is closed. */
  left(id: number): void {
    this.took(id);
    const worker = this.#taken.get(id);
    if (worker !== undefined) worker.connections--;
    this.#taken.delete(id);
  }

  /** What a worker says of itself. */
  holds(to: DistributedTo<C>, calls: number): void {
    const worker = this.#workers.get(to);
    if (worker !== undefined) worker.calls = calls;
  }

  /** Nobody waits any more. */
  close(): void {
    for (const id of this.#waiting.keys()) this.#forget(id);
  }

  #give(id: number, waiting: Waiting<C>): void {
    const worker = leastLoaded(this.#workers.values());
    if (worker === undefined) return;
    this.#workers.delete(worker.to);
    this.#workers.set(worker.to, worker);
    worker.connections++;
    waiting.to = worker;
    worker.to.give(id, waiting.door, waiting.connection);
  }

  #forget(id: number): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.timer.cancel();
    waiting?.connection.destroy();
  }
}
