import {
  type AssistantRecord,
  assistantConfigSchema,
  type CallRecord,
  type CallStore,
  createIdSource,
  createScope,
  type DeliveryRecord,
  type EntityId,
  type Logger,
  newContextId,
  phoneDeploymentSchema,
  type Scope,
  silentLogger,
  type WebhookStore,
} from '@rapida/core';
import { settle, VirtualClock } from '@rapida/core/testing';
import {
  createSqlAssistantStore,
  createSqlCallStore,
  createSqlProjectStore,
  createSqlWebhookStore,
  openEmbedded,
} from '@rapida/stores';
import { PROJECT, vaultKey } from '../../credentials/testing/stored.js';
import { createVault } from '../../credentials/vault.js';
import { createStoreHealth } from '../../store-health.js';
import { FakeTelemetry } from '../../testing/fake-telemetry.js';
import { type Deliverer, startDeliverer } from '../deliverer.js';
import { systemLookup } from '../target.js';

export const ASSISTANT: EntityId = '42';

/** Webhooks over real stores in memory, under a clock that stands still. */
export interface Outbox {
  readonly clock: VirtualClock;
  readonly telemetry: FakeTelemetry;
  readonly warnings: object[];
  readonly calls: CallStore;
  readonly webhooks: WebhookStore;
  readonly assistant: AssistantRecord;
  readonly vault: ReturnType<typeof createVault>;
  readonly newId: () => EntityId;
  /** Resolves with the id. */
  addWebhook(url: string, secret?: string): Promise<EntityId>;
  addCall(): Promise<EntityId>;
  /** Appends events to a call, which puts them into the outbox. */
  tell(callId: EntityId, ...types: string[]): Promise<void>;
  /** As a process that starts. Without a store in between it is the real one. */
  start(webhooks?: WebhookStore): Deliverer & { readonly scope: Scope };
  /** All there are, oldest first. */
  log(): Promise<readonly DeliveryRecord[]>;
}

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export async function openOutbox(): Promise<Outbox> {
  const clock = new VirtualClock();
  const telemetry = new FakeTelemetry();
  const database = await openEmbedded({ file: ':memory:', clock });
  await createSqlProjectStore(database).ensureDefault({ id: PROJECT, name: 'default', createdAtMs: 0 });
  const newId = createIdSource(clock);
  const calls = createSqlCallStore(database, newId);
  const webhooks = createSqlWebhookStore(database);
  const vault = createVault([vaultKey(1)]);
  const warnings: object[] = [];
  const logger: Logger = { ...silentLogger, warn: (fields) => void warnings.push(fields) };
  const assistant = anAssistant();
  await createSqlAssistantStore(database).create(assistant);
  return {
    ...{ clock, telemetry, warnings, calls, webhooks, assistant, vault, newId },
    async addWebhook(url, secret = SECRET) {
      const id = newId();
      const sealedSecret = vault.seal(secret, { projectId: PROJECT, credentialId: id });
      const times = { createdAtMs: clock.wallMs(), updatedAtMs: clock.wallMs() };
      const wants = { assistantId: null, events: [], enabled: true };
      await webhooks.create({ id, projectId: PROJECT, url, ...wants, sealedSecret, ...times });
      return id;
    },
    async addCall() {
      const call = aCall(newId(), clock.wallMs());
      await calls.create(call);
      return call.id;
    },
    async tell(callId, ...types) {
      for (const type of types) await calls.appendEvent(callId, { type, atMs: clock.wallMs(), data: {} });
    },
    start(over = webhooks) {
      const scope = createScope('process', { clock, onError: (error) => void warnings.push({ error }) });
      const health = createStoreHealth(clock, silentLogger, telemetry);
      const parts = { webhooks: over, vault, health, clock, logger, telemetry, scope, random: () => 0 };
      return { ...startDeliverer({ ...parts, lookup: systemLookup, allowPrivate: true }), scope };
    },
    log: async () => [...(await webhooks.deliveries(PROJECT, {}, 200, null)).data].reverse(),
  };
}

/** Lets sockets and promises go on until it is so, while the clock stands still. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await settle();
}

function anAssistant(): AssistantRecord {
  return {
    id: ASSISTANT,
    projectId: PROJECT,
    version: 1,
    config: assistantConfigSchema.parse({ name: 'front desk' }),
    deployment: phoneDeploymentSchema.parse({}),
    createdAtMs: 0,
    updatedAtMs: 0,
  };
}

function aCall(id: EntityId, nowMs: number): CallRecord {
  return {
    id,
    projectId: PROJECT,
    assistantId: ASSISTANT,
    contextId: newContextId(),
    direction: 'inbound',
    state: 'registered',
    from: '100',
    to: null,
    channelId: null,
    metadata: {},
    args: {},
    assistantVersion: null,
    overrides: null,
    analysis: null,
    outbound: null,
    transport: null,
    format: null,
    createdAtMs: nowMs,
    connectedAtMs: null,
    endedAtMs: null,
    disconnectedBy: null,
    reason: null,
    directive: null,
    recording: null,
    nodeId: 'here',
    resumes: 0,
  };
}
