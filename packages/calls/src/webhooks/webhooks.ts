import { randomBytes } from 'node:crypto';
import {
  type AssistantStore,
  CALL_EVENTS,
  type Clock,
  type DeliveryRecord,
  type EntityId,
  RapidaError,
  sleep,
  type Vault,
  type WebhookRecord,
  type WebhookStore,
} from '@rapida/core';
import { within } from '../bounded-wait.js';
import type { WebhookInput, WebhookSummary, WebhookUseCases } from '../use-cases.js';

/** Of one project. Two that are made at the same moment may both be the last. */
export const WEBHOOKS_MAX = 50;
/** Deliveries that go at once with their webhook, and the pause between. */
const REMOVED_AT_ONCE = 200;
const PAUSE_MS = 20;
/** How long the name of a receiver may take to be found when a webhook is saved. */
export const TARGET_CHECK_MS = 5_000;

const SECRET_PREFIX = 'whsec_';
const SECRET_BYTES = 32;

export interface WebhookDependencies {
  readonly webhooks: WebhookStore;
  readonly assistants: Pick<AssistantStore, 'get'>;
  readonly vault: Pick<Vault, 'seal'>;
  readonly clock: Clock;
  readonly newId: () => EntityId;
  /** Rejects with webhook_target_refused. */
  readonly checkTarget: (url: string) => Promise<unknown>;
  /** There is something to deliver. */
  readonly wake: () => void;
}

export function createWebhookUseCases(dependencies: WebhookDependencies): WebhookUseCases {
  const { webhooks, vault, clock, newId, wake } = dependencies;

  const get = async (projectId: EntityId, id: EntityId) => found(await webhooks.get(projectId, id));

  function newSecret(projectId: EntityId, webhookId: EntityId) {
    const secret = SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64');
    return { secret, sealedSecret: vault.seal(secret, { projectId, credentialId: webhookId }) };
  }

  return {
    async list(projectId, limit, cursor) {
      const page = await webhooks.list(projectId, limit, cursor);
      return { ...page, data: page.data.map(summaryOf) };
    },
    get: async (projectId, id) => summaryOf(await get(projectId, id)),
    async create(projectId, input) {
      const checked = await checkInput(dependencies, projectId, input);
      if ((await webhooks.count(projectId)) >= WEBHOOKS_MAX) {
        throw new RapidaError('webhook_limit', `The project has ${WEBHOOKS_MAX} webhooks: it may have no more.`);
      }
      const id = newId();
      const { secret, sealedSecret } = newSecret(projectId, id);
      const nowMs = clock.wallMs();
      const record = { id, projectId, ...checked, sealedSecret, createdAtMs: nowMs, updatedAtMs: nowMs };
      await webhooks.create(record);
      return { webhook: summaryOf(record), secret };
    },
    async save(projectId, id, input) {
      await get(projectId, id);
      const checked = await checkInput(dependencies, projectId, input);
      const saved = summaryOf(found(await webhooks.save(projectId, id, checked, clock.wallMs())));
      // What waited while it was disabled need not wait longer.
      wake();
      return saved;
    },
    async rotateSecret(projectId, id) {
      const { secret, sealedSecret } = newSecret(projectId, id);
      found(await webhooks.save(projectId, id, { sealedSecret }, clock.wallMs()));
      return { secret };
    },
    async remove(projectId, id) {
      // Nothing more is written for it; and then what there is goes in slices, for the loop that carries the sound.
      found(await webhooks.save(projectId, id, { enabled: false }, clock.wallMs()));
      while ((await webhooks.forgetOf(projectId, id, REMOVED_AT_ONCE)) >= REMOVED_AT_ONCE) await sleep(clock, PAUSE_MS);
      if (!(await webhooks.remove(projectId, id))) throw new RapidaError('webhook_not_found');
    },
    async test(projectId, id) {
      const webhook = await get(projectId, id);
      if (!webhook.enabled) throw new RapidaError('invalid_request', 'enabled: a webhook that is not is sent nothing');
      const delivery = testDelivery(webhook, newId(), clock.wallMs());
      await webhooks.addTest(delivery);
      wake();
      return { deliveryId: delivery.id };
    },
    async deliveries(projectId, filter, limit, cursor) {
      if (filter.webhookId !== undefined) await get(projectId, filter.webhookId);
      return await webhooks.deliveries(projectId, filter, limit, cursor);
    },
    async resend(projectId, deliveryId) {
      if (!(await webhooks.resend(projectId, deliveryId, clock.wallMs()))) throw new RapidaError('delivery_not_found');
      wake();
    },
  };
}

/** The fields that are kept, checked. */
async function checkInput(
  { assistants, clock, checkTarget }: WebhookDependencies,
  projectId: EntityId,
  { url, assistantId, events, enabled }: WebhookInput,
): Promise<WebhookInput> {
  const names: readonly string[] = CALL_EVENTS;
  const unknown = events.findIndex((name) => !names.includes(name));
  if (unknown !== -1) {
    throw new RapidaError('invalid_request', `events[${unknown}]: accepted are ${CALL_EVENTS.join(', ')}`);
  }
  if (assistantId !== null && (await assistants.get(projectId, assistantId)) === undefined) {
    throw new RapidaError('assistant_not_found');
  }
  if (!(await within(clock, checkTarget(url), TARGET_CHECK_MS)).inTime) {
    throw new RapidaError('webhook_target_refused', 'The host of the webhook could not be found in time.');
  }
  return { url, assistantId, events: [...new Set(events)], enabled };
}

/** With the fields of an event of a call, so that a receiver that reads the one can read the other. */
function testDelivery(webhook: WebhookRecord, id: EntityId, nowMs: number): DeliveryRecord {
  const ofNoCall = { type: 'test', callId: null, seq: null };
  const data = { webhookId: webhook.id };
  return {
    id,
    webhookId: webhook.id,
    projectId: webhook.projectId,
    ...ofNoCall,
    body: JSON.stringify({ id, ...ofNoCall, at: new Date(nowMs).toISOString(), data, call: null }),
    state: 'pending',
    attempts: 0,
    nextAtMs: nowMs,
    lastStatus: null,
    lastError: null,
    createdAtMs: nowMs,
    deliveredAtMs: null,
  };
}

function found<T>(webhook: T | undefined): T {
  if (webhook === undefined) throw new RapidaError('webhook_not_found');
  return webhook;
}

/** Field by field: the secret stays here. */
function summaryOf({ id, assistantId, url, events, enabled, createdAtMs, updatedAtMs }: WebhookRecord): WebhookSummary {
  return { id, assistantId, url, events, enabled, createdAtMs, updatedAtMs };
}
