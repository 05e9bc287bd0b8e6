export { createSqlApiKeyStore } from './api-keys/sql.js';
export { createSqlAssistantStore } from './assistants/sql.js';
export { createSqlCallStore } from './calls/sql.js';
export {
  createMemoryContextStore,
  type MemoryContextStore,
  type MemoryContextStoreOptions,
} from './contexts/memory.js';
export { createSqlCredentialStore } from './credentials/sql.js';
export type { Database } from './database/database.js';
export { type EmbeddedOptions, openEmbedded } from './database/embedded.js';
export { embeddedSchema, type SchemaState } from './database/schema-state.js';
export { createMemoryLeases, createMemoryLeasesOfNodes, type MemoryLeases } from './leases/memory.js';
export { createMemoryLiveFeed, type MemoryLiveFeed, type MemoryLiveFeedOptions } from './live-events/memory.js';
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
export { createMemoryNodeRegistry } from './nodes/memory.js';
export { createOnlyNodeRegistry, type OnlyNodeOptions } from './nodes/only.js';
export { createMemoryCallPace } from './pace/memory.js';
export { createSqlPasswordStore } from './passwords/sql.js';
export { createMemoryCallPlaces } from './places/memory.js';
export { createWorkerHub, type WorkerHub, type WorkerHubOptions } from './primary/hub.js';
export { type PrimaryShared, primaryShared, primaryStores } from './primary/link.js';
export { Peer, type PeerOptions } from './primary/peer.js';
export type { Wire, WireListener, WireMessage } from './primary/wire.js';
export { createSqlProjectStore } from './projects/sql.js';
export { createSqlSessionStore } from './sessions/sql.js';
export { type FileSpoolOptions, openFileSpool } from './spool/file.js';
export { createSqlStores, type SqlStores } from './sql-stores.js';
export { createSqlWebhookStore } from './webhooks/sql.js';
