export { createSqlApiKeyStore } from './api-keys/sql.js';
export { createSqlAssistantStore } from './assistants/sql.js';
export { createSqlCallStore } from './calls/sql.js';
export {
  createMemoryContextStore,
  type MemoryContextStore,
  type MemoryContextStoreOptions,
} from './contexts/memory.js';
export { createRedisContextStore, type RedisContextStoreOptions } from './contexts/redis.js';
export { createSqlCredentialStore } from './credentials/sql.js';
export type { Database } from './database/database.js';
export { type EmbeddedOptions, openEmbedded } from './database/embedded.js';
export { openPostgres, type PostgresOptions, whereIs } from './database/postgres.js';
export { embeddedSchema, postgresSchema, type SchemaState } from './database/schema-state.js';
export { createMemoryLeases } from './leases/memory.js';
export { createRedisLeases, type RedisLeasesOptions } from './leases/redis.js';
export { createMemoryLiveFeed, type MemoryLiveFeed, type MemoryLiveFeedOptions } from './live-events/memory.js';
export { createRedisLiveFeed, type RedisLiveFeed, type RedisLiveFeedOptions } from './live-events/redis.js';
export { exportData } from './moving/export.js';
export type { Counts } from './moving/file-format.js';
export { importData } from './moving/import.js';
export { linesOf } from './moving/lines.js';
export {
  createMemoryNodeCommands,
  createMemoryNodes,
  type MemoryNode,
  type MemoryNodes,
} from './node-commands/memory.js';
export { openRedisNodeCommands, type RedisNodeCommands, type RedisNodeCommandsOptions } from './node-commands/redis.js';
export { createMemoryNodeRegistry } from './nodes/memory.js';
export { createRedisNodeRegistry, type RedisNodeRegistryOptions } from './nodes/redis.js';
export { createMemoryCallPace } from './pace/memory.js';
export { createRedisCallPace, type RedisCallPaceOptions } from './pace/redis.js';
export { createSqlPasswordStore } from './passwords/sql.js';
export { createMemoryCallPlaces } from './places/memory.js';
export { createRedisCallPlaces, type RedisCallPlaces, type RedisCallPlacesOptions } from './places/redis.js';
export { createWorkerHub, type WorkerHub, type WorkerHubOptions } from './primary/hub.js';
export { type PrimaryShared, primaryShared, primaryStores } from './primary/link.js';
export { Peer, type PeerOptions } from './primary/peer.js';
export type { Wire, WireListener, WireMessage } from './primary/wire.js';
export { createSqlProjectStore } from './projects/sql.js';
export { RedisLink, type RedisLinkOptions } from './redis/link.js';
export { createSqlSessionStore } from './sessions/sql.js';
export { createSqlStores, type SqlStores } from './sql-stores.js';
export { createSqlWebhookStore } from './webhooks/sql.js';
