import {
  type CallContextStore,
  type CallPace,
  type CallPlaces,
  type Clock,
  type Leases,
  type LiveFeed,
  type Logger,
  type NodeCommands,
  type NodeRegistry,
  RapidaError,
  type Scope,
  type Secret,
  systemClock,
  type Telemetry,
} from '@rapida/core';
import {
  createMemoryCallPace,
  createMemoryCallPlaces,
  createMemoryContextStore,
  createMemoryLeases,
  createMemoryLiveFeed,
  createMemoryNodeCommands,
  createMemoryNodeRegistry,
  createOnlyNodeRegistry,
  type Database,
  primaryShared,
} from '@rapida/stores';
import type { Config } from './config.js';
import type { DataFolder } from './data-folder.js';
import { nodeIdOf } from './node-id.js';
import type { WorkerSeat } from './workers/seat.js';

/** What the nodes of an installation have in common, beside the database. */
export interface SharedParts {
  readonly nodeId: string;
  readonly contexts: CallContextStore;
  readonly feed: LiveFeed;
  readonly nodeCommands: NodeCommands;
  readonly nodes: NodeRegistry;
  readonly places: CallPlaces;
  readonly pace: CallPace;
  readonly leases: Leases;
  /** Added to names in Asterisk that several nodes would share; undefined where there is one. */
  readonly nodeSuffix: string | undefined;
}

export interface SharedPartsOptions {
  readonly config: Config;
  readonly folder: DataFolder;
  /** Undefined in a worker whose primary process has it. */
  readonly database: Database | undefined;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** Everything opened here is closed with it. */
  readonly scope: Scope;
  /** Undefined: this is the only process of its node. */
  readonly seat?: WorkerSeat | undefined;
}

/** In Redis where `REDIS_URL` names one; else in the primary process of workers, or in this one, which is then the only one. */
export async function openSharedParts(options: SharedPartsOptions): Promise<SharedParts> {
  const { config, folder, telemetry, seat } = options;
  const clock = systemClock;
  const nodeId = seat?.nodeId ?? nodeIdOf(config, folder);
  if (config.redisUrl !== undefined) return openInRedis(options, { url: config.redisUrl, nodeId, clock });
  if (seat !== undefined) return { nodeId, nodeSuffix: nodeId, ...primaryShared(seat.peer, telemetry) };
  return {
    nodeId,
    contexts: createMemoryContextStore({ clock }),
    feed: createMemoryLiveFeed({ telemetry }),
    nodeCommands: createMemoryNodeCommands(),
    nodes: aloneIn(options, nodeId),
    places: createMemoryCallPlaces(clock),
    pace: createMemoryCallPace(clock),
    leases: createMemoryLeases(),
    nodeSuffix: undefined,
  };
}

/** A PostgreSQL may be another node's as well: that is found out when it joins. */
function aloneIn({ config, database }: SharedPartsOptions, nodeId: string): NodeRegistry {
  const clock = systemClock;
  const registry = createMemoryNodeRegistry(nodeId, clock);
  if (config.databaseUrl === undefined || database === undefined) return registry;
  return createOnlyNodeRegistry({ database, nodeId, clock, registry });
}

interface InRedis {
  readonly url: Secret;
  readonly nodeId: string;
  readonly clock: Clock;
}

async function openInRedis(
  { config, logger, telemetry, scope }: SharedPartsOptions,
  { url, nodeId, clock }: InRedis,
): Promise<SharedParts> {
  try {
    const inRedis = await import('@rapida/stores/redis');
    const redis = await inRedis.RedisLink.open({ url: url.reveal(), prefix: config.redisPrefix, clock, logger });
    scope.onClose(() => redis.close());
    const feed = inRedis.createRedisLiveFeed({ redis, clock, telemetry });
    scope.onClose(() => feed.close());
    const nodeCommands = await inRedis.openRedisNodeCommands({ redis, clock, telemetry });
    scope.onClose(() => nodeCommands.close());
    const places = inRedis.createRedisCallPlaces({ redis, nodeId, clock });
    scope.onClose(() => places.close());
    return {
      ...{ nodeId, feed, nodeCommands, places },
      contexts: inRedis.createRedisContextStore({ redis }),
      nodes: inRedis.createRedisNodeRegistry({ redis, nodeId, clock }),
      pace: inRedis.createRedisCallPace({ redis }),
      leases: inRedis.createRedisLeases({ redis, nodeId }),
      nodeSuffix: nodeId,
    };
  } catch (error) {
    const { code, message } = RapidaError.from(error);
    throw new RapidaError(code, `REDIS_URL: ${message}`, { cause: error });
  }
}
