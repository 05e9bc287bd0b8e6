import { isIPv6 } from 'node:net';
import { type Clock, RapidaError } from '@rapida/core';

/** Failures after which an address has to wait until the window of its first one is over. */
export const FAILURES_PER_ADDRESS_MAX = 10;
/** The same for all addresses together, where the password is guessed: keys and set-up tokens cannot be. */
export const FAILURES_MAX = 200;
export const WINDOW_MS = 600_000;
/** Addresses remembered; the one that failed first is forgotten then. */
export const ADDRESSES_MAX = 10_000;

interface Failures {
  count: number;
  readonly sinceMs: number;
}

/** What is tried: only a password can be guessed. */
export type Tried = 'password' | 'random';

/** Counts who fails to sign in, in this process. An attempt counts when it begins: those under way at once are not free. */
export class Attempts {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #byAddress = new Map<string, Failures>();
  #all: Failures = { count: 0, sinceMs: Number.NEGATIVE_INFINITY };

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock;
  }

  /** Fails with too_many_sign_ins; otherwise `work` is what it was. Only a refusal counts as a failure. */
  async of<T>(address: string, tried: Tried, work: () => Promise<T>): Promise<T> {
    const network = networkOf(address);
    const ofAddress = this.#current(this.#byAddress.get(network));
    const all = this.#current(this.#all);
    if (ofAddress.count >= FAILURES_PER_ADDRESS_MAX || (tried === 'password' && all.count >= FAILURES_MAX)) {
      throw new RapidaError('too_many_sign_ins');
    }
    this.#remember(network, ofAddress);
    this.#all = all;
    ofAddress.count++;
    if (tried === 'password') all.count++;
    const takeBack = (): void => {
      ofAddress.count--;
      if (ofAddress.count === 0) this.#byAddress.delete(network);
      if (tried === 'password') all.count--;
    };
    try {
      const done = await work();
      takeBack();
      return done;
    } catch (error) {
      if (RapidaError.from(error).fault !== 'client') takeBack();
      throw error;
    }
  }

  #current(failures: Failures | undefined): Failures {
    const nowMs = this.#clock.nowMs();
    if (failures !== undefined && nowMs - failures.sinceMs < WINDOW_MS) return failures;
    return { count: 0, sinceMs: nowMs };
  }

  #remember(network: string, failures: Failures): void {
    if (this.#byAddress.get(network) === failures) return;
    this.#byAddress.delete(network);
    this.#byAddress.set(network, failures);
    if (this.#byAddress.size <= ADDRESSES_MAX) return;
    const [oldest] = this.#byAddress.keys();
    if (oldest !== undefined) this.#byAddress.delete(oldest);
  }
}

/** Who has an IPv6 address has 2^64 of them. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=[0-9.]+$)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::', 2);
  const groups = head === '' ? [] : head.split(':');
  if (tail === undefined) return groups.slice(0, 4).join(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Math.max(0, 8 - groups.length - after.length);
  return [...groups, ...new Array<string>(zeros).fill('0'), ...after].slice(0, 4).join(':');
}
