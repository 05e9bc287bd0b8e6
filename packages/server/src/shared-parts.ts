import {
  type CallContextStore,
  type CallPace,
  type CallPlaces,
  type Clock,
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
  createMemoryLiveFeed,
  createMemoryNodeCommands,
  createMemoryNodeRegistry,
  createRedisCallPace,
  createRedisCallPlaces,
  createRedisContextStore,
  createRedisLiveFeed,
  createRedisNodeRegistry,
  openRedisNodeCommands,
  RedisLink,
} from '@rapida/stores';
import type { Config } from './config.js';
import type { DataFolder } from './data-folder.js';
import { nodeIdOf } from './node-id.js';

/** What the nodes of an installation have in common, beside the database. */
export interface SharedParts {
  readonly nodeId: string;
  readonly contexts: CallContextStore;
  readonly feed: LiveFeed;
  readonly nodeCommands: NodeCommands;
  readonly nodes: NodeRegistry;
  readonly places: CallPlaces;
  readonly pace: CallPace;
}

export interface SharedPartsOptions {
  readonly config: Config;
  readonly folder: DataFolder;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** Everything opened here is closed with it. */
  readonly scope: Scope;
}

/** In Redis where `REDIS_URL` names one; else in this process, which is then the only one. */
export async function openSharedParts(options: SharedPartsOptions): Promise<SharedParts> {
  const { config, folder, telemetry } = options;
  const clock = systemClock;
  const nodeId = nodeIdOf(config, folder);
  if (config.redisUrl !== undefined) return openInRedis(options, { url: config.redisUrl, nodeId, clock });
  return {
    nodeId,
    contexts: createMemoryContextStore({ clock }),
    feed: createMemoryLiveFeed({ telemetry }),
    nodeCommands: createMemoryNodeCommands(),
    nodes: createMemoryNodeRegistry(nodeId, clock),
    places: createMemoryCallPlaces(clock),
    pace: createMemoryCallPace(clock),
  };
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
    const redis = await RedisLink.open({ url: url.reveal(), prefix: config.redisPrefix, clock, logger });
    scope.onClose(() => redis.close());
    const feed = createRedisLiveFeed({ redis, clock, telemetry });
    scope.onClose(() => feed.close());
    const nodeCommands = await openRedisNodeCommands({ redis, clock, telemetry });
    scope.onClose(() => nodeCommands.close());
    const places = createRedisCallPlaces({ redis, nodeId, clock });
    scope.onClose(() => places.close());
    return {
      ...{ nodeId, feed, nodeCommands, places },
      contexts: createRedisContextStore({ redis }),
      nodes: createRedisNodeRegistry({ redis, nodeId, clock }),
      pace: createRedisCallPace({ redis }),
    };
  } catch (error) {
    const { code, message } = RapidaError.from(error);
    throw new RapidaError(code, `REDIS_URL: ${message}`, { cause: error });
  }
}
