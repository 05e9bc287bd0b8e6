import { type Clock, type Logger, type Scope, sleep, type Timer, type WebhookStore } from '@rapida/core';
import type { StoreHealth } from '../store-health.js';

/** How long the log tells of deliveries that are over. */
export const KEPT_MS = 30 * 86_400_000;
export const FORGET_EVERY_MS = 3_600_000;
/** At once, so that no transaction takes long. */
const BATCH = 200;
/** Between batches: the store works on the loop that carries the sound. */
const PAUSE_MS = 20;

export interface ForgettingDependencies {
  readonly webhooks: Pick<WebhookStore, 'forgetDeliveries'>;
  readonly health: StoreHealth;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Closing it stops the forgetting. */
  readonly scope: Scope;
}

/** Now and every hour from now on. One round at a time; a store that fails is asked again in the next. */
export function startForgetting(dependencies: ForgettingDependencies): void {
  const { clock, scope } = dependencies;
  let timer: Timer | undefined;

  async function round(): Promise<void> {
    await forget(dependencies);
    if (!scope.closed) timer = clock.setTimer(FORGET_EVERY_MS, () => scope.run(round));
  }

  scope.onClose(() => timer?.cancel());
  scope.run(round);
}

async function forget({ webhooks, health, clock, logger, scope }: ForgettingDependencies): Promise<void> {
  let forgotten = BATCH;
  try {
    while (forgotten >= BATCH && !scope.closed) {
      const round = webhooks.forgetDeliveries(clock.wallMs() - KEPT_MS, BATCH);
      forgotten = await health.watch('webhooks_forget', round);
      if (forgotten >= BATCH) await sleep(clock, PAUSE_MS, scope.signal);
    }
  } catch (error) {
    logger.error({ err: error }, 'old deliveries to webhooks could not be forgotten');
  }
}
