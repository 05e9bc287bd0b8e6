import type { NodeEntry } from '@rapida/core';

export interface NodeUseCases {
  /** In the order of their names. */
  list(): Promise<readonly NodeEntry[]>;
}

export interface HealthUseCases {
  /** Why this process should get no new calls, or undefined when it should. */
  notReady(): string | undefined;
  /** A store failed a moment ago. */
  readonly storeFails: boolean;
  readonly liveCalls: number;
}
