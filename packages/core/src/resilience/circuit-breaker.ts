import type { Clock } from '../clock.js';
import type { RapidaError } from '../errors.js';
import type { Telemetry } from '../metrics.js';

/** Keeps every call from waiting for an engine that has just failed many: one for all calls that use it in the same way. */
export interface CircuitBreaker {
  /** False while the engine is left alone. Afterwards one caller at a time may try whether it works again. */
  enter(): boolean;
  succeeded(): void;
  /** Failures that say nothing about the engine (a request that it refused) do not count. */
  failed(error: RapidaError): void;
}

export interface CircuitBreakers {
  /** The same one for the same name. */
  of(name: string): CircuitBreaker;
}

export interface CircuitBreakerOptions {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly failuresMax?: number;
  readonly restMs?: number;
}

/** Failures in a row, each within {@link FAILURES_APART_MS_MAX} of the one before, that leave an engine alone. */
export const FAILURES_MAX = 3;
export const FAILURES_APART_MS_MAX = 60_000;
/** How long it is left alone at first; doubled each time the trial fails. */
export const REST_MS = 10_000;
export const REST_MS_MAX = 300_000;
/** A trial of which nothing is heard is over after this: then another caller may try. */
export const TRIAL_MS = 10_000;
/** Of more engines the least recently used are forgotten: they begin anew, closed. */
export const BREAKERS_MAX = 1_000;

export function createCircuitBreakers(options: CircuitBreakerOptions): CircuitBreakers {
  /** In the order of last use. */
  const known = new Map<string, Breaker>();
  return {
    of(name) {
      const breaker = known.get(name) ?? new Breaker(name, options);
      known.delete(name);
      known.set(name, breaker);
      for (const oldest of known.keys()) {
        if (known.size <= BREAKERS_MAX) break;
        known.delete(oldest);
      }
      return breaker;
    },
  };
}

class Breaker implements CircuitBreaker {
  readonly #name: string;
  readonly #options: CircuitBreakerOptions;
  #failures = 0;
  #lastFailureMs = Number.NEGATIVE_INFINITY;
  /** Left alone until then; undefined: in use. */
  #restsUntilMs: number | undefined;
  #restMs: number;

  constructor(name: string, options: CircuitBreakerOptions) {
    this.#name = name;
    this.#options = options;
    this.#restMs = options.restMs ?? REST_MS;
  }

  enter(): boolean {
    if (this.#restsUntilMs === undefined) return true;
    const nowMs = this.#options.clock.nowMs();
    if (nowMs < this.#restsUntilMs) return false;
    this.#restsUntilMs = nowMs + TRIAL_MS;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#restMs = this.#options.restMs ?? REST_MS;
    this.#restsUntilMs = undefined;
  }

  failed(error: RapidaError): void {
    if (!saysSomethingOfTheEngine(error)) return;
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#lastFailureMs > FAILURES_APART_MS_MAX) this.#failures = 0;
    this.#failures++;
    this.#lastFailureMs = nowMs;
    const onTrial = this.#restsUntilMs !== undefined;
    if (!onTrial && this.#failures < (this.#options.failuresMax ?? FAILURES_MAX)) return;
    if (onTrial) this.#restMs = Math.min(this.#restMs * 2, REST_MS_MAX);
    this.#restsUntilMs = nowMs + this.#restMs;
    const [kind = '', provider = ''] = this.#name.split('/');
    this.#options.telemetry.count('rapida_provider_rests_total', { kind, provider });
  }
}

function saysSomethingOfTheEngine(error: RapidaError): boolean {
  return error.code !== 'provider_rejected';
}
