import type {
  ApiKeyStore,
  AssistantStore,
  CallStore,
  CredentialStore,
  EntityId,
  FiguresStore,
  PasswordStore,
  ProjectStore,
  SessionStore,
  WebhookStore,
} from '@rapida/core';
import { createSqlApiKeyStore } from './api-keys/sql.js';
import { createSqlAssistantStore } from './assistants/sql.js';
import type { Live } from './calls/events.js';
import { createSqlCallStore } from './calls/sql.js';
import { createSqlCredentialStore } from './credentials/sql.js';
import type { Database } from './database/database.js';
import { createSqlFiguresStore } from './figures/sql.js';
import { createSqlPasswordStore } from './passwords/sql.js';
import { createSqlProjectStore } from './projects/sql.js';
import { createSqlSessionStore } from './sessions/sql.js';
import { createSqlWebhookStore } from './webhooks/sql.js';

export interface SqlStores {
  readonly calls: CallStore;
  readonly assistants: AssistantStore;
  readonly credentials: CredentialStore;
  readonly keys: ApiKeyStore;
  readonly projects: ProjectStore;
  readonly figures: FiguresStore;
  readonly passwords: PasswordStore;
  readonly sessions: SessionStore;
  readonly webhooks: WebhookStore;
}

/** All that one database holds. `newDeliveryId` names what is told to webhooks; what happens in calls is published on `live`. */
export function createSqlStores(database: Database, newDeliveryId: () => EntityId, live?: Live): SqlStores {
  return {
    calls: createSqlCallStore(database, newDeliveryId, live),
    assistants: createSqlAssistantStore(database),
    credentials: createSqlCredentialStore(database),
    keys: createSqlApiKeyStore(database),
    projects: createSqlProjectStore(database),
    figures: createSqlFiguresStore(database),
    passwords: createSqlPasswordStore(database),
    sessions: createSqlSessionStore(database),
    webhooks: createSqlWebhookStore(database),
  };
}
