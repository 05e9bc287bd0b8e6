import type { Socket } from 'node:net';
import { type Logger, RapidaError, systemClock } from '@rapida/core';
import { Peer } from '@rapida/stores';
import { type RunningServer, startServer } from '../compose.js';
import { configOf } from '../config.js';
import { createLogger } from '../logger.js';
import { wireToPrimary } from './child-processes.js';
import type { Door } from './distributor.js';
import {
  type PrimaryControl,
  primaryOf,
  type Stop,
  serveControl,
  type WorkerPlace,
  type WorkerStarted,
} from './protocol.js';
import type { OpenDoors, WorkerSeat } from './seat.js';

/** How long a worker without its primary process goes on: what its calls have not written yet is on the disk by then. */
export const ORPHAN_MS = 500;

/**
 * Runs as one of the workers of the process that has started this one: is told what it is, and what to do. Resolves with the exit
 * code. What is meant for all of them - signals of a terminal, of a service manager - is for the primary process to hear.
 */
export async function runWorker(): Promise<0 | 1> {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {});
  const wire = wireToPrimary((id, door, connection) => worker.take(id, door, connection));
  const peer = new Peer({ wire, clock: systemClock });
  const worker = new RunningWorker(peer);
  serveControl(peer, worker);
  const orphaned = peer.closed.then(() => worker.abandon());
  return Promise.race([worker.stopped, orphaned]);
}

class RunningWorker {
  /** Resolves when it was told to stop, and has. */
  readonly stopped: Promise<0>;
  readonly #peer: Peer;
  readonly #primary: PrimaryControl;
  #doors: OpenDoors | undefined;
  #server: RunningServer | undefined;
  #onStopped: () => void = () => {};

  constructor(peer: Peer) {
    this.#peer = peer;
    this.#primary = primaryOf(peer);
    this.stopped = new Promise((resolve) => {
      this.#onStopped = () => resolve(0);
    });
  }

  start = async ({ nodeId, formerNodeIds, settings, ports }: WorkerPlace): Promise<WorkerStarted> => {
    const config = configOf(settings);
    const terminal = process.stderr.isTTY ? 'attached' : 'none';
    const logger: Logger = createLogger(config.logLevel, terminal).child({ worker: nodeId });
    const { metricsText, holds } = this.#primary;
    const seat: WorkerSeat = {
      ...{ nodeId, formerNodeIds, ports, peer: this.#peer, metricsText, holds },
      open: (doors) => {
        this.#doors = doors;
      },
    };
    this.#server = await startServer(config, logger, { seat });
    const { firstStart, setUpLink } = this.#server;
    return { firstStart, setUpLink };
  };

  take(id: number, door: Door, connection: Socket | undefined): void {
    if (connection === undefined || connection.destroyed || this.#doors === undefined) {
      connection?.destroy();
      return this.#primary.left(id);
    }
    connection.once('close', () => this.#primary.left(id));
    this.#primary.took(id);
    this.#doors[door](connection);
  }

  totals = () => this.#running().metrics.totals();
  metrics = () => this.#running().metrics.snapshot();

  stop = (how: Stop): void => {
    const server = this.#running();
    void (how === 'drain' ? server.drain() : server.close()).then(this.#onStopped);
  };

  /** Without an end in order: their dialplan has the calls taken up again by the next start, as after any death. */
  async abandon(): Promise<1> {
    await new Promise<void>((resolve) => systemClock.setTimer(ORPHAN_MS, resolve));
    return 1;
  }

  #running(): RunningServer {
    if (this.#server === undefined) throw new RapidaError('internal', 'the worker has not started');
    return this.#server;
  }
}
