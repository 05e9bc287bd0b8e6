/** Spaces what is begun under one name evenly, on all nodes together: no trunk sees a burst, and nothing is saved up. */
export interface CallPace {
  /** Takes the turn, and gives 0; or gives how long it is until the next one. Fails with `store_failed`. */
  take(name: string, perSecond: number): Promise<number>;
  /** What had its turn was begun only now: the next one keeps its distance from this. Nobody is waited for, and it never throws. */
  begun(name: string, perSecond: number): void;
}
