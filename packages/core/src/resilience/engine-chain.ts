import type { Clock } from '../clock.js';
import { type ErrorCode, RapidaError } from '../errors.js';
import type { CircuitBreaker } from './circuit-breaker.js';

export interface ChainLink<E> {
  readonly engine: E;
  readonly breaker: CircuitBreaker;
}

/** An engine failed, and who took over; nobody where `next` is null. */
export interface ProviderIncident {
  readonly kind: 'stt' | 'llm' | 'tts';
  readonly provider: string;
  readonly code: ErrorCode;
  readonly next: string | null;
}

export interface ChainOptions {
  readonly clock: Clock;
  readonly kind: ProviderIncident['kind'];
  /** Must not throw. */
  readonly onIncident: (incident: ProviderIncident) => void;
}

/** How long a call stays with the engine that took over, before it asks the first one again. */
export const RETURN_MS = 60_000;

/**
 * The engines of one kind that one call may use, the wanted one first. It remembers which one works, so that a call whose first engine is
 * down pays for that once and not with every sentence. One per call; the breakers are everybody's.
 */
export class EngineChain<E extends { readonly provider: string }> {
  readonly #links: readonly ChainLink<E>[];
  readonly #options: ChainOptions;
  #preferred = 0;
  #preferredUntilMs = 0;

  constructor(links: readonly [ChainLink<E>, ...ChainLink<E>[]], options: ChainOptions) {
    this.#links = links;
    this.#options = options;
  }

  get first(): E {
    return (this.#links[0] as ChainLink<E>).engine;
  }

  indexOf(link: ChainLink<E>): number {
    return this.#links.indexOf(link);
  }

  at(index: number): E | undefined {
    return this.#links[index]?.engine;
  }

  /**
   * Who is to be tried now, of those that are not in `tried`; it is put there. Undefined where all were. Where every one is being left
   * alone and none was tried, it is the preferred one all the same: a caller is waiting.
   */
  next(tried: Set<ChainLink<E>>): ChainLink<E> | undefined {
    const order = this.#order();
    const link =
      order.find((one) => !tried.has(one) && one.breaker.enter()) ?? (tried.size === 0 ? order[0] : undefined);
    if (link !== undefined) tried.add(link);
    return link;
  }

  /** Whether somebody is left who could be tried, now or when its rest is over. */
  isLast(tried: ReadonlySet<ChainLink<E>>): boolean {
    return this.#links.every((link) => tried.has(link));
  }

  worked(link: ChainLink<E>): void {
    link.breaker.succeeded();
    const index = this.indexOf(link);
    if (index === this.#preferred) return;
    this.#preferred = index;
    this.#preferredUntilMs = this.#options.clock.nowMs() + RETURN_MS;
  }

  failed(link: ChainLink<E>, error: unknown, next: ChainLink<E> | undefined): void {
    const failure = RapidaError.from(error);
    link.breaker.failed(failure);
    this.#options.onIncident({
      kind: this.#options.kind,
      provider: link.engine.provider,
      code: failure.code,
      next: next?.engine.provider ?? null,
    });
  }

  #order(): readonly ChainLink<E>[] {
    if (this.#preferred !== 0 && this.#options.clock.nowMs() >= this.#preferredUntilMs) this.#preferred = 0;
    const preferred = this.#links[this.#preferred] as ChainLink<E>;
    return [preferred, ...this.#links.filter((link) => link !== preferred)];
  }
}
