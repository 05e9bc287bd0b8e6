import { type Logger, RapidaError, systemClock } from '@rapida/core';
import { Peer } from '@rapida/stores';
import { type RunningServer, startServer } from '../compose.js';
import { type Config, configOf, type Ports } from '../config.js';
import { createLogger } from '../logger.js';
import { wireToPrimary } from './cluster-processes.js';
import { primaryOf, type Stop, serveControl, type WorkerPlace, type WorkerStarted } from './protocol.js';

/** How long a worker without its primary process may take to end its calls: what they have to write may have nowhere to go. */
const ORPHAN_MS_MAX = 5_000;

/**
 * Runs as one of the workers of the process that has started this one: is told what it is, and what to do. Resolves with the exit
 * code. What is meant for all of them - signals of a terminal, of a service manager - is for the primary process to hear.
 */
export async function runWorker(): Promise<0 | 1> {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {});
  const peer = new Peer({ wire: wireToPrimary(), clock: systemClock });
  const worker = new RunningWorker(peer);
  serveControl(peer, worker);
  const orphaned = peer.closed.then(() => worker.abandon());
  return Promise.race([worker.stopped, orphaned]);
}

class RunningWorker {
  /** Resolves when it was told to stop, and has. */
  readonly stopped: Promise<0>;
  readonly #peer: Peer;
  #server: RunningServer | undefined;
  #onStopped: () => void = () => {};

  constructor(peer: Peer) {
    this.#peer = peer;
    this.stopped = new Promise((resolve) => {
      this.#onStopped = () => resolve(0);
    });
  }

  start = async ({ nodeId, formerNodeIds, settings, ports }: WorkerPlace): Promise<WorkerStarted> => {
    const config = listeningOn(configOf(settings), ports);
    const logger: Logger = createLogger(config.logLevel, process.stderr.isTTY ? 'attached' : 'none').child({
      worker: nodeId,
    });
    const { metricsText } = primaryOf(this.#peer);
    const seat = { nodeId, formerNodeIds, peer: this.#peer, metricsText };
    const server = await startServer(config, logger, { seat });
    this.#server = server;
    const { httpPort: http, audiosocketPort: audiosocket, grpcPort: grpc, firstStart } = server;
    return { ports: { http, audiosocket, grpc }, firstStart };
  };

  totals = () => this.#running().metrics.totals();
  metrics = () => this.#running().metrics.snapshot();

  stop = (how: Stop): void => {
    const server = this.#running();
    void (how === 'drain' ? server.drain() : server.close()).then(this.#onStopped);
  };

  /** What its calls still have to write nobody may take any more; the next start of all finds them unfinished. */
  async abandon(): Promise<1> {
    const late = new Promise<void>((resolve) => systemClock.setTimer(ORPHAN_MS_MAX, resolve));
    await Promise.race([this.#server?.close(), late]);
    return 1;
  }

  #running(): RunningServer {
    if (this.#server === undefined) throw new RapidaError('internal', 'the worker has not started');
    return this.#server;
  }
}

function listeningOn(config: Config, { http, audiosocket, grpc }: Ports): Config {
  return {
    ...config,
    http: { ...config.http, port: http },
    audiosocket: { ...config.audiosocket, port: audiosocket },
    grpc: { ...config.grpc, port: grpc },
  };
}
