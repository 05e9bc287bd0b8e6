import type { Peer } from '@rapida/stores';

/** What a server is given that runs as one of several workers. */
export interface WorkerSeat {
  readonly nodeId: string;
  /** Nodes that will not come again, whose calls it ends. */
  readonly formerNodeIds: readonly string[];
  /** To the primary process, which keeps what workers have in common. */
  readonly peer: Peer;
  /** Of all workers. */
  metricsText(): Promise<string>;
}
