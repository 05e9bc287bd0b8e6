import type { Socket } from 'node:net';
import {
  createIdSource,
  createScope,
  type Logger,
  RapidaError,
  type Scope,
  systemClock,
  type Telemetry,
} from '@rapida/core';
import {
  createMemoryContextStore,
  createMemoryLiveFeed,
  createSqlStores,
  createWorkerHub,
  Peer,
  type WorkerHub,
} from '@rapida/stores';
import { type Config, configOf, type LoadedSettings } from '../config.js';
import { type DataFolder, openDataFolder } from '../data-folder.js';
import type { DialplanValues } from '../dialplan.js';
import { nodeIdOf } from '../node-id.js';
import { openDatabase } from '../open-database.js';
import { repair } from '../open-stores.js';
import { openSharedParts } from '../shared-parts.js';
import { createMetrics } from '../telemetry.js';
import { startProcess } from './child-processes.js';
import { type DistributedTo, Distributor } from './distributor.js';
import { expectWorkers, formerNodeIds, nodeIdsOf, rememberWorkers } from './former-nodes.js';
import { MetricsOfAll } from './metrics-of-all.js';
import { holdPostgres } from './only-node.js';
import { openPorts } from './ports.js';
import { controlOf, type Stop, servePrimary } from './protocol.js';
import { Supervisor, type WorkerProcess } from './supervisor.js';

export interface RunningWorkers {
  readonly httpPort: number;
  readonly audiosocketPort: number;
  readonly grpcPort: number;
  /** On the first start of an empty folder: what to put into Asterisk. */
  readonly firstStart: DialplanValues | undefined;
  /** Where the password of the dashboard can be set. */
  readonly setUpLink: string | undefined;
  /** Resolves when all of them die again and again. */
  readonly deserted: Promise<void>;
  drain(): Promise<void>;
  close(): Promise<void>;
}

/**
 * So many processes that hold calls, and this one, which holds none: it keeps what they have in common - where no PostgreSQL and no
 * Redis does - and starts those again that die. No sound passes through it.
 */
export async function startWorkers(loaded: LoadedSettings, workers: number, logger: Logger): Promise<RunningWorkers> {
  const config = configOf(loaded);
  const folder = openDataFolder(config.dataDir);
  const onError = (error: unknown): void => logger.error({ err: error }, 'stopping went wrong');
  const scope = createScope('workers', { clock: systemClock, onError });
  scope.onClose(() => folder.release());
  try {
    return await startAll({ loaded, config, folder, workers, logger, scope });
  } catch (error) {
    await scope.close('start_failed');
    throw error;
  }
}

interface Parts {
  readonly loaded: LoadedSettings;
  readonly config: Config;
  readonly folder: DataFolder;
  readonly workers: number;
  readonly logger: Logger;
  readonly scope: Scope;
}

async function startAll(parts: Parts): Promise<RunningWorkers> {
  const { loaded, config, folder, workers, logger, scope } = parts;
  const clock = systemClock;
  const metrics = createMetrics();
  scope.onClose(() => metrics.close());
  const { telemetry } = metrics;
  const all = new MetricsOfAll(() => metrics.snapshot());
  await repair(folder, logger);
  const nodeId = nodeIdOf(config, folder);
  const isAlone = config.databaseUrl !== undefined && config.redisUrl === undefined;
  if (isAlone) await holdPostgres(parts, nodeId);
  const hub = await openHub(parts, telemetry);

  const nodeIds = nodeIdsOf(nodeId, workers);
  const former = formerNodeIds(folder, nodeId, workers);
  expectWorkers(folder, workers);
  const connections = new Distributor<Socket>(clock);
  scope.onClose(() => connections.close());
  const ports = await openPorts(config, connections, scope);
  const supervisor = new Supervisor<SpawnedWorker>({
    ...{ nodeIds, clock, logger, telemetry, drainMs: config.drainMs },
    spawn: (id) => spawn(id, { hub, all, connections, logger }),
    // The first one ends the calls of those that do not come again, whenever it starts.
    placeOf: (id) => ({ nodeId: id, settings: loaded, ports, formerNodeIds: id === nodeIds[0] ? former : [] }),
    onUp(worker) {
      all.said(worker.control, []);
      connections.join(worker);
    },
    onTotals: (worker, totals) => all.said(worker.control, totals),
  });
  const stop = async (how: Stop): Promise<void> => {
    await supervisor.stop(how);
    await scope.close('server_shutdown');
  };
  try {
    const { firstStart, setUpLink } = await supervisor.start();
    rememberWorkers(folder, workers);
    return {
      ...{ httpPort: ports.http, audiosocketPort: ports.audiosocket, grpcPort: ports.grpc },
      ...{ firstStart, setUpLink },
      deserted: supervisor.deserted,
      drain: () => stop('drain'),
      close: () => stop('now'),
    };
  } catch (error) {
    await supervisor.stop('now');
    throw error;
  }
}

/** Whatever no PostgreSQL and no Redis keeps is kept here. */
async function openHub({ config, folder, logger, scope }: Parts, telemetry: Telemetry): Promise<WorkerHub> {
  const clock = systemClock;
  // Who watches is counted where they watch.
  const memory = { contexts: createMemoryContextStore({ clock }), feed: createMemoryLiveFeed() };
  const shared = config.redisUrl === undefined ? memory : undefined;
  if (config.databaseUrl !== undefined) return createWorkerHub({ clock, stores: undefined, shared });
  const database = await openDatabase(config, folder, logger, 'several');
  scope.onClose(() => database.close());
  const { feed } = shared ?? (await openSharedParts({ config, folder, database, logger, telemetry, scope }));
  return createWorkerHub({ clock, stores: createSqlStores(database, createIdSource(clock), { feed, clock }), shared });
}

interface SpawnParts {
  readonly hub: WorkerHub;
  readonly all: MetricsOfAll;
  readonly connections: Distributor<Socket>;
  readonly logger: Logger;
}

type SpawnedWorker = WorkerProcess & DistributedTo<Socket>;

function spawn(nodeId: string, { hub, all, connections, logger }: SpawnParts): SpawnedWorker {
  const { wire, ended, kill, give } = startProcess();
  const peer = new Peer({
    wire,
    clock: systemClock,
    onFailure(error, what) {
      const { code } = RapidaError.from(error);
      // What else fails is an answer of a store that works.
      if (code === 'store_failed' || code === 'internal')
        logger.error({ ...what, err: error, worker: nodeId }, 'a worker was not served');
    },
  });
  hub.join(nodeId, peer);
  servePrimary(peer, {
    metricsText: () => all.text(),
    took: (id) => connections.took(id),
    left: (id) => connections.left(id),
    holds: (calls) => connections.holds(worker, calls),
  });
  const control = controlOf(peer);
  // It takes nothing any more: what is said to it is lost.
  void peer.closed.then(kill);
  const over = ended.then((how) => {
    peer.close();
    connections.leave(worker);
    all.ended(control);
    hub.ended(nodeId);
    return how;
  });
  const worker: SpawnedWorker = { control, ended: over, kill, give };
  return worker;
}
