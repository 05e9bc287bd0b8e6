/** Something calls are counted by, and how many it may have; null: they are counted only. Names have letters, digits, dashes and colons. */
export interface PlaceLimit {
  readonly counted: string;
  readonly max: number | null;
}

export type PlaceTaken =
  | { readonly outcome: 'taken' }
  /** This call has one already; somebody else may have taken it. */
  | { readonly outcome: 'held' }
  /** The first of the limits that has none free. */
  | { readonly outcome: 'full'; readonly counted: string };

/**
 * Who counts among the calls that are limited, of all nodes together. A call waits in its place for a time, and is then kept in
 * it by the node that has its media. Places belong to nodes, and those of a node that died come free.
 */
export interface CallPlaces {
  /** All or none of it, in one step. Fails with `store_failed` where it cannot be known, within a second. */
  take(placeId: string, limits: readonly PlaceLimit[], ttlMs: number): Promise<PlaceTaken>;
  /**
   * The call goes on here, until `release`, whichever node had its place before. Never refused: it was promised. What it counts
   * among is what it was taken for; `counted` where that was forgotten. Nobody is waited for, and it never throws.
   */
  keep(placeId: string, counted: readonly string[]): void;
  /** Idempotent; one that another node keeps stays. Nobody is waited for, and it never throws. */
  release(placeId: string): void;
  /** All of a node that is gone. */
  dropOf(nodeId: string): Promise<void>;
}
