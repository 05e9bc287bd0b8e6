import type { CallState, EntityId, ProviderErrors, TurnStage } from '@rapida/core';

export interface OverviewRequest {
  readonly projectId: EntityId;
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly bucketMs: number;
}

/** Half of them were quicker; of twenty one was slower. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

export interface Figures {
  readonly calls: number;
  readonly outcomes: Readonly<Partial<Record<CallState, number>>>;
  /** What follows is about so many of them: the newest ones of each bucket. */
  readonly detailed: number;
  /** Of every stage that was measured; how many turns. */
  readonly stages: Readonly<Partial<Record<TurnStage, Percentiles & { readonly turns: number }>>>;
  readonly interruptions: number;
  readonly providerErrors: number;
}

export interface Overview {
  /** In the order of time, the last one up to the end that was asked for. */
  readonly buckets: readonly (Figures & { readonly atMs: number })[];
  readonly totals: Figures;
  readonly providers: readonly ProviderErrors[];
  readonly now: {
    /** That have media, at all nodes. */
    readonly calls: number;
    /** 0: none. */
    readonly limit: number;
    readonly nodes: number;
  };
}

export interface OverviewUseCases {
  /** Of the calls that were made in that time. Fails with invalid_request where that are too many buckets, or none. */
  overview(request: OverviewRequest): Promise<Overview>;
}
