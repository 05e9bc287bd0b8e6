import type { CallAnalysis, CallState, CredentialProvider, DeliveryState } from '@rapida/core';
import type { Generated } from 'kysely';

/**
 * The columns as the query builder sees them, in types that SQLite and PostgreSQL share:
 * - ids are TEXT of 20 digits (see `stored-id.ts`);
 * - milliseconds are `double precision`: exact for every whole millisecond, and a JavaScript number in both drivers,
 *   where `bigint` arrives as text from PostgreSQL;
 * - JSON is TEXT, yes and no are 1 and 0.
 */
export interface Tables {
  schema_migrations: MigrationTable;
  projects: ProjectTable;
  api_keys: ApiKeyTable;
  assistants: AssistantTable;
  assistant_versions: AssistantVersionTable;
  calls: CallTable;
  call_events: CallEventTable;
  call_turns: CallTurnTable;
  call_metrics: CallMetricTable;
  idempotency_answers: IdempotencyAnswerTable;
  credentials: CredentialTable;
  webhooks: WebhookTable;
  webhook_deliveries: WebhookDeliveryTable;
  spooled_writes: SpooledWriteTable;
  only_node: OnlyNodeTable;
  sessions: SessionTable;
  passwords: PasswordTable;
}

export interface MigrationTable {
  version: number;
  name: string;
}

export interface ProjectTable {
  id: string;
  name: string;
  created_at_ms: number;
  /** 1 for the project made at the first start, unique: two processes that start at once make one. */
  default_slot: number | null;
}

export interface ApiKeyTable {
  id: string;
  project_id: string;
  name: string;
  scopes: string;
  prefix: string;
  hash: string;
  created_at_ms: number;
  revoked_at_ms: number | null;
}

export interface AssistantTable {
  id: string;
  project_id: string;
  /** The configuration's name again, so that the database keeps it unique in the project. */
  name: string;
  /** The live one. */
  version: number;
  /** Of the live version, again: a call needs one row. */
  config: string;
  deployment: string;
  created_at_ms: number;
  updated_at_ms: number;
  /** Numbers the next version: after a roll-back it is not the live one. */
  last_version: number;
}

export interface AssistantVersionTable {
  assistant_id: string;
  version: number;
  config: string;
  saved_at_ms: number;
}

export interface CallTable {
  id: string;
  project_id: string;
  assistant_id: string;
  assistant_version: number | null;
  context_id: string;
  direction: 'inbound' | 'outbound';
  state: CallState;
  from_number: string;
  to_number: string | null;
  channel_id: string | null;
  metadata: string;
  args: Generated<string>;
  overrides: string | null;
  outbound: string | null;
  /** The order's `notBeforeMs` again, for the index of the queue. */
  not_before_ms: number | null;
  transport: 'audiosocket' | 'websocket' | 'browser' | null;
  format: string | null;
  created_at_ms: number;
  connected_at_ms: number | null;
  ended_at_ms: number | null;
  disconnected_by: 'user' | 'assistant' | 'system' | null;
  reason: string | null;
  directive: string | null;
  recording: string | null;
  analysis: string | null;
  /** The analysis's `state` again, for the index of what is pending. */
  analysis_state: CallAnalysis['state'] | null;
  node_id: string;
  /** Which leg of the call it is; 0 at first. */
  resumes: number;
  /** How many events and turns it has: what numbers the next one. */
  event_count: Generated<number>;
  turn_count: Generated<number>;
}

export interface CallEventTable {
  call_id: string;
  seq: number;
  type: string;
  at_ms: number;
  data: string;
}

export interface CallTurnTable {
  call_id: string;
  seq: number;
  role: 'user' | 'assistant';
  text: string;
  start_ms: number;
  end_ms: number;
  interrupted: number;
  unheard: string | null;
  metrics: string;
}

export interface CallMetricTable {
  call_id: string;
  name: string;
  value: string;
}

export interface IdempotencyAnswerTable {
  project_id: string;
  key: string;
  fingerprint: string;
  answer: string;
  at_ms: number;
}

export interface CredentialTable {
  id: string;
  project_id: string;
  name: string;
  provider: CredentialProvider;
  fields: string;
  sealed: string;
  calls_per_second: number;
  created_at_ms: number;
  updated_at_ms: number;
  last_used_at_ms: number | null;
}

export interface WebhookTable {
  id: string;
  project_id: string;
  assistant_id: string | null;
  url: string;
  events: string;
  enabled: number;
  sealed_secret: string;
  created_at_ms: number;
  updated_at_ms: number;
}

export interface WebhookDeliveryTable {
  id: string;
  webhook_id: string;
  project_id: string;
  call_id: string | null;
  seq: number | null;
  type: string;
  body: string;
  state: DeliveryState;
  attempts: number;
  next_at_ms: number | null;
  /** `next_at_ms` again where it is this delivery's turn; null while an earlier one of its webhook and call is pending. */
  due_at_ms: number | null;
  last_status: number | null;
  last_error: string | null;
  created_at_ms: number;
  delivered_at_ms: number | null;
}

export interface SpooledWriteTable {
  id: string;
  /** When it was spooled. */
  at_ms: number;
}

/** One row, where there is one node. */
export interface OnlyNodeTable {
  slot: number;
  node_id: string;
  /** Which of its lives. */
  process: string;
  /** By the clock of the database. */
  seen_at_ms: number;
}

export interface SessionTable {
  hash: string;
  project_id: string;
  /** Null: of the password. */
  key_id: string | null;
  created_at_ms: number;
  seen_at_ms: number;
  expires_at_ms: number;
}

export interface PasswordTable {
  project_id: string;
  hash: string | null;
  setup_hash: string | null;
  setup_expires_at_ms: number | null;
}
