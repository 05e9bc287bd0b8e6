import {
  type Clock,
  type DeliveryAttempt,
  type DueDelivery,
  type EntityId,
  type Logger,
  type Scope,
  sleep,
  type Telemetry,
  type Timer,
  type Vault,
  type WebhookStore,
} from '@rapida/core';
import type { StoreHealth } from '../store-health.js';
import { startForgetting } from './forget.js';
import { afterAttempt } from './schedule.js';
import { type SendOutcome, send } from './send.js';
import { checkTarget, type TargetRules } from './target.js';

/** Looks for deliveries whose time has come at least this often. */
export const POLL_EVERY_MS = 1_000;
/** Requests under way at once. */
export const REQUESTS_MAX = 20;
/** Of them to one webhook: a slow receiver leaves room for the others. */
export const REQUESTS_PER_WEBHOOK_MAX = 4;
/** Of all of them, to webhooks that gave no answer the last time: many such leave room for the others too. */
export const REQUESTS_TO_SILENT_MAX = 10;
/** Webhooks that are remembered to be silent. */
const SILENT_KNOWN_MAX = 1_000;
/** The wait before an outcome that the store did not take is offered to it again. */
export const RECORD_AGAIN_MS = 1_000;

/** Six times what an attempt may take: a node that has died in it leaves it to the others then. */
export const CLAIM_MS = 60_000;

const SECRET_UNREADABLE = 'the secret of the webhook cannot be opened: check VAULT__KEY, or rotate the secret';

/** Tells webhooks what is in the outbox: at least once, and of each call in order. */
export interface Deliverer {
  /** Looks now, and again when it is looking already. */
  wake(): void;
}

export interface DelivererDependencies extends TargetRules {
  readonly webhooks: Pick<WebhookStore, 'due' | 'claim' | 'attempted' | 'forgetDeliveries'>;
  readonly vault: Pick<Vault, 'open'>;
  readonly health: StoreHealth;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** Closing it ends the looking and the requests; what was not answered is sent again after the next start. */
  readonly scope: Scope;
  /** 0..1, for the spread of what is tried again. */
  readonly random: () => number;
}

/** Looks from now on, and forgets what is long over. */
export function startDeliverer(dependencies: DelivererDependencies): Deliverer {
  const { clock, scope, logger } = dependencies;
  const requests = new Requests(dependencies, wake);
  let timer: Timer | undefined;
  let looking = false;
  let again = false;

  function wake(): void {
    again = true;
    if (looking || scope.closed) return;
    looking = true;
    scope.run(look);
  }

  async function look(): Promise<void> {
    while (again && !scope.closed) {
      again = false;
      try {
        await requests.takeDue();
      } catch (error) {
        logger.error({ err: error }, 'the deliveries to webhooks could not be read');
      }
    }
    looking = false;
    timer?.cancel();
    if (!scope.closed) timer = clock.setTimer(POLL_EVERY_MS, wake);
  }

  scope.onClose(() => timer?.cancel());
  startForgetting(dependencies);
  wake();
  return { wake };
}

/** The requests under way. What is here is still due for the store, and is not taken twice. */
class Requests {
  readonly #dependencies: DelivererDependencies;
  readonly #onFree: () => void;
  /** Of deliveries, with their webhook. */
  readonly #underWay = new Map<EntityId, EntityId>();
  /** Ended since the store was asked last: its answer may be from before that. */
  readonly #overSinceAsked = new Set<EntityId>();
  /** Webhooks that gave no answer the last time they were told of something. */
  readonly #silent = new Set<EntityId>();

  constructor(dependencies: DelivererDependencies, onFree: () => void) {
    this.#dependencies = dependencies;
    this.#onFree = onFree;
  }

  /** Starts what is due, as far as there is room. Ends because every round starts at least one. */
  async takeDue(): Promise<void> {
    const { webhooks, health, clock, scope } = this.#dependencies;
    let started = 1;
    while (started > 0 && this.#underWay.size < REQUESTS_MAX && !scope.closed) {
      this.#overSinceAsked.clear();
      // As many as there can be: were all those under way among them, there would be place for the others still.
      const asked = webhooks.due(clock.wallMs(), REQUESTS_MAX, this.#fullWebhooks());
      const due = await health.watch('webhooks_due', asked);
      started = 0;
      for (const one of due) {
        if (!this.#mayStart(one)) continue;
        this.#start(one);
        started++;
      }
    }
  }

  #mayStart({ delivery, webhook }: DueDelivery): boolean {
    if (this.#underWay.has(delivery.id) || this.#overSinceAsked.has(delivery.id)) return false;
    return this.#underWay.size < REQUESTS_MAX && !this.#isFull(webhook.id);
  }

  #fullWebhooks(): EntityId[] {
    const known = new Set([...this.#underWay.values(), ...(this.#hasRoomForSilent() ? [] : this.#silent)]);
    return [...known].filter((webhookId) => this.#isFull(webhookId));
  }

  #isFull(webhookId: EntityId): boolean {
    if (this.#silent.has(webhookId) && !this.#hasRoomForSilent()) return true;
    return this.#countOf(webhookId) >= REQUESTS_PER_WEBHOOK_MAX;
  }

  #hasRoomForSilent(): boolean {
    let count = 0;
    for (const webhookId of this.#underWay.values()) if (this.#silent.has(webhookId)) count++;
    return count < REQUESTS_TO_SILENT_MAX;
  }

  #heardOf(webhookId: EntityId, status: number | null): void {
    this.#silent.delete(webhookId);
    if (status === null) this.#silent.add(webhookId);
    for (const oldest of this.#silent) {
      if (this.#silent.size <= SILENT_KNOWN_MAX) break;
      this.#silent.delete(oldest);
    }
  }

  #countOf(webhookId: EntityId): number {
    let count = 0;
    for (const other of this.#underWay.values()) if (other === webhookId) count++;
    return count;
  }

  #start(due: DueDelivery): void {
    const { id, webhookId } = due.delivery;
    const { scope } = this.#dependencies;
    // Of its own: on the signal of the scope so many listeners would look like a leak.
    const request = new AbortController();
    const letGo = scope.onClose(() => request.abort());
    this.#underWay.set(id, webhookId);
    scope.run(async () => {
      try {
        await this.#attempt(due, request.signal);
      } finally {
        letGo();
        this.#underWay.delete(id);
        this.#overSinceAsked.add(id);
        this.#onFree();
      }
    });
  }

  async #attempt({ delivery, webhook }: DueDelivery, signal: AbortSignal): Promise<void> {
    const { clock, logger, telemetry, random } = this.#dependencies;
    if (!(await this.#claim(delivery.id, signal))) return;
    const outcome = await this.#send({ delivery, webhook }, signal);
    if (outcome === undefined) return;
    const { status, error, retryAfter } = outcome;
    this.#heardOf(webhook.id, status);
    const atMs = clock.wallMs();
    const { id, createdAtMs } = delivery;
    const attempts = delivery.attempts + 1;
    const next = afterAttempt({ createdAtMs, attempts, status, retryAfter, atMs }, random);
    telemetry.count('rapida_webhook_deliveries_total', { outcome: next.state === 'pending' ? 'failed' : next.state });
    if (next.state === 'dead') {
      const fields = { webhookId: webhook.id, deliveryId: id, attempts, status, error };
      logger.warn(fields, 'a webhook was not told of an event, and will not be');
    }
    await this.#record(id, { ...next, status, error, atMs }, signal);
  }

  /** Where several nodes look at one store, one of them sends. */
  async #claim(id: EntityId, signal: AbortSignal): Promise<boolean> {
    const { webhooks, health, clock } = this.#dependencies;
    const nowMs = clock.wallMs();
    try {
      return await health.watch('webhook_claim', webhooks.claim(id, nowMs, nowMs + CLAIM_MS));
    } catch {
      // It was logged and counted. It stays due, but is not asked for again at once.
      await sleep(clock, RECORD_AGAIN_MS, signal);
      return false;
    }
  }

  async #send({ delivery, webhook }: DueDelivery, signal: AbortSignal): Promise<SendOutcome | undefined> {
    const { vault, clock, allowPrivate, lookup } = this.#dependencies;
    const { id, projectId, url, sealedSecret } = webhook;
    let secret: string;
    try {
      secret = vault.open(sealedSecret, { projectId, credentialId: id });
    } catch {
      return { status: null, error: SECRET_UNREADABLE, retryAfter: undefined };
    }
    const checked = { clock, checkTarget: (target: string) => checkTarget(target, { allowPrivate, lookup }) };
    return await send(checked, { id: delivery.id, url, body: delivery.body, secret }, signal);
  }

  /** Keeps its place until it is written: else it would be due again, and sent again with every look. */
  async #record(id: EntityId, attempt: DeliveryAttempt, signal: AbortSignal): Promise<void> {
    const { webhooks, health, clock } = this.#dependencies;
    for (;;) {
      try {
        return await health.watch('webhook_attempted', webhooks.attempted(id, attempt));
      } catch {
        // It was logged and counted. At the end it is left to the next start, which sends it again.
        if (signal.aborted) return;
        await sleep(clock, RECORD_AGAIN_MS, signal);
      }
    }
  }
}
