/** How long one that is not taken again is believed. */
export const LEASE_MS = 8_000;

/** Things of which one node is to do each: whoever has the lease. */
export interface Leases {
  /** Takes it or, where this node has it, goes on with it; false: another node has it. Fails with `store_failed`. */
  take(name: string): Promise<boolean>;
  /** Another node may take it at once. Never fails. */
  release(name: string): Promise<void>;
}
