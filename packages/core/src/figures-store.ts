import type { CallState } from './call-record.js';
import type { EntityId } from './ids.js';
import type { TurnMetrics } from './metrics.js';

/** What is to be said of the calls of one stretch of time, by the moment of their making. */
export interface CallFigures {
  /** All of them, by the state they are in. */
  readonly outcomes: Readonly<Partial<Record<CallState, number>>>;
  /** How many of them the rest is about: the newest ones. */
  readonly detailed: number;
  /** Of every turn that has any. */
  readonly turns: readonly TurnMetrics[];
  /** Turns that were interrupted. */
  readonly interruptions: number;
  readonly providerErrors: readonly ProviderErrors[];
}

export interface ProviderErrors {
  readonly provider: string;
  readonly kind: string;
  readonly errors: number;
}

/** Reads figures out of the record. Bounded by `detailedMax` calls and what is in them: on one host it takes the time of calls. */
export interface FiguresStore {
  ofCalls(projectId: EntityId, sinceMs: number, untilMs: number, detailedMax: number): Promise<CallFigures>;
}
