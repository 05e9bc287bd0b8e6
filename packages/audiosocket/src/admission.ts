import type { ServerLimits } from './limits.js';

export type AdmissionRefusal = 'too_many_connections' | 'too_many_from_address' | 'too_many_unidentified';

interface Tally {
  connections: number;
  unidentified: number;
}

/** Counts connections in total and per remote address. Holds one entry per address that is connected now, none after. */
export class Admission {
  readonly #limits: ServerLimits;
  readonly #byAddress = new Map<string, Tally>();
  #connections = 0;

  constructor(limits: ServerLimits) {
    this.#limits = limits;
  }

  get connections(): number {
    return this.#connections;
  }

  get addresses(): number {
    return this.#byAddress.size;
  }

  /** Counts one more unidentified connection and returns undefined, or says which limit refuses it and counts nothing. */
  enter(address: string): AdmissionRefusal | undefined {
    const tally = this.#byAddress.get(address) ?? { connections: 0, unidentified: 0 };
    if (this.#connections >= this.#limits.connectionsMax) return 'too_many_connections';
    if (tally.connections >= this.#limits.connectionsPerAddressMax) return 'too_many_from_address';
    if (tally.unidentified >= this.#limits.unidentifiedPerAddressMax) return 'too_many_unidentified';
    tally.connections++;
    tally.unidentified++;
    this.#connections++;
    this.#byAddress.set(address, tally);
    return undefined;
  }

  identify(address: string): void {
    const tally = this.#byAddress.get(address);
    if (tally !== undefined) tally.unidentified--;
  }

  /** Once per entered connection; `identified` says whether `identify` was called for it. */
  leave(address: string, phase: 'identified' | 'unidentified'): void {
    const tally = this.#byAddress.get(address);
    if (tally === undefined) return;
    this.#connections--;
    tally.connections--;
    if (phase === 'unidentified') tally.unidentified--;
    if (tally.connections === 0) this.#byAddress.delete(address);
  }
}
