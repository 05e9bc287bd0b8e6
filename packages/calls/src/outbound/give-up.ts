import type { CallContextStore, ContextId } from '@rapida/core';
import type { Admission } from '../admission.js';
import type { Preparations } from '../preparation.js';
import type { StoreHealth } from '../store-health.js';

export interface GiveUpDependencies {
  readonly admission: Pick<Admission, 'release'>;
  readonly contexts: Pick<CallContextStore, 'withdraw'>;
  readonly preparations: Pick<Preparations, 'drop'>;
  readonly health: StoreHealth;
}

/**
 * No media will come for this call, or for this attempt of it: what was made ready is dropped and its place is free, before
 * the next attempt can take one. A media connection that comes now finds no call; one that came just before finds out
 * by the record. Never rejects.
 */
export async function giveUpContext(
  { admission, contexts, preparations, health }: GiveUpDependencies,
  contextId: ContextId,
): Promise<void> {
  preparations.drop(contextId);
  admission.release(contextId);
  await health.watch('context_withdraw', contexts.withdraw(contextId)).catch(() => false);
}
