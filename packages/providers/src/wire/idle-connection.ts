import type { Clock, Timer } from '@rapida/core';

export interface Reusable {
  readonly isOpen: boolean;
  close(): void;
}

/**
 * At most one connection that nobody uses, for whoever needs the next one: a reply then begins without connecting. It is closed when
 * nobody came for `idleMs`.
 */
export class IdleConnection<C extends Reusable> {
  readonly #clock: Clock;
  readonly #idleMs: number;
  #kept: { readonly connection: C; readonly timer: Timer } | undefined;

  constructor(clock: Clock, idleMs: number) {
    this.#clock = clock;
    this.#idleMs = idleMs;
  }

  /** One that is open; the taker owns it. */
  take(): C | undefined {
    const kept = this.#kept;
    if (kept === undefined) return undefined;
    this.#kept = undefined;
    kept.timer.cancel();
    if (kept.connection.isOpen) return kept.connection;
    kept.connection.close();
    return undefined;
  }

  /** The giver uses it no more. It is closed where there is one already, or where it is not open. */
  give(connection: C): void {
    if (this.#kept?.connection.isOpen || !connection.isOpen) {
      connection.close();
      return;
    }
    this.take();
    const timer = this.#clock.setTimer(this.#idleMs, () => {
      this.#kept = undefined;
      connection.close();
    });
    this.#kept = { connection, timer };
  }
}
