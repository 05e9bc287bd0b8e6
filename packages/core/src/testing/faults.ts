import { type ErrorCode, RapidaError } from '../errors.js';

/**
 * Makes the n-th thing fail. Engines pass it once per event; the n-th pass (from 1) throws, or hangs until it is
 * aborted. Share one between engines to number all their events together.
 */
export class Faults {
  passed = 0;
  readonly #nth: number;
  readonly #how: 'throw' | 'hang';
  readonly #code: ErrorCode;

  constructor(nth = 0, how: 'throw' | 'hang' = 'throw', code: ErrorCode = 'provider_unavailable') {
    this.#nth = nth;
    this.#how = how;
    this.#code = code;
  }

  async pass(signal: AbortSignal): Promise<void> {
    if (++this.passed !== this.#nth) return;
    if (this.#how === 'throw') throw new RapidaError(this.#code, 'scripted failure');
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
