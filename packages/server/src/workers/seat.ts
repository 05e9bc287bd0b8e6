import type { Socket } from 'node:net';
import type { Peer } from '@rapida/stores';
import type { Ports } from '../config.js';
import type { Door } from './distributor.js';

/** Where connections go, of each port. */
export type OpenDoors = Readonly<Record<Door, (connection: Socket) => void>>;

/** What a server is given that runs as one of several workers. */
export interface WorkerSeat {
  readonly nodeId: string;
  /** Nodes that will not come again, whose calls it ends. */
  readonly formerNodeIds: readonly string[];
  /** Where the primary process listens for all. */
  readonly ports: Ports;
  /** To the primary process, which keeps what workers have in common. */
  readonly peer: Peer;
  /** Of all workers. */
  metricsText(): Promise<string>;
  /** It holds so many calls now. */
  holds(calls: number): void;
  /** It takes connections from now on. */
  open(doors: OpenDoors): void;
}
