/** A door of its own: a server without a Redis does not load the client. With the driver of PostgreSQL it was 9 MB of 143 MB resident. */
export { createRedisContextStore, type RedisContextStoreOptions } from './contexts/redis.js';
export { createRedisLeases, type RedisLeasesOptions } from './leases/redis.js';
export { createRedisLiveFeed, type RedisLiveFeed, type RedisLiveFeedOptions } from './live-events/redis.js';
export { openRedisNodeCommands, type RedisNodeCommands, type RedisNodeCommandsOptions } from './node-commands/redis.js';
export { createRedisNodeRegistry, type RedisNodeRegistryOptions } from './nodes/redis.js';
export { createRedisCallPace, type RedisCallPaceOptions } from './pace/redis.js';
export { createRedisCallPlaces, type RedisCallPlaces, type RedisCallPlacesOptions } from './places/redis.js';
export { RedisLink, type RedisLinkOptions } from './redis/link.js';
