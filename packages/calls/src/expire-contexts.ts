import type { CallContext, CallContextStore, CallStore, Clock, Logger, Scope, Telemetry, Timer } from '@rapida/core';
import type { Admission } from './admission.js';
import type { Analyses } from './after-call/analyses.js';
import type { CallSpool } from './call-spool.js';
import { type EndOrphanDependencies, endOrphan } from './end-orphan.js';
import { createJournal } from './journal.js';
import type { Preparations } from './preparation.js';
import { recordEnding } from './record-ending.js';
import type { StoreHealth } from './store-health.js';

export const EXPIRY_SWEEP_MS = 5_000;

export interface ExpireContextsDependencies extends EndOrphanDependencies {
  readonly analyses: Pick<Analyses, 'takeOver'>;
  readonly calls: CallStore;
  readonly contexts: CallContextStore;
  readonly preparations: Preparations;
  readonly admission: Pick<Admission, 'release'>;
  readonly health: StoreHealth;
  readonly spool: CallSpool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** Closing it stops the sweeping. */
  readonly scope: Scope;
}

/** Sweeps now and then from now on: calls whose media never came end as `expired`. One sweep at a time. */
export function startExpiringContexts(dependencies: ExpireContextsDependencies): void {
  const { clock, scope } = dependencies;
  let timer: Timer | undefined;

  function schedule(): void {
    if (scope.closed) return;
    timer = clock.setTimer(EXPIRY_SWEEP_MS, () => void sweep(dependencies).then(schedule));
  }

  scope.onClose(() => timer?.cancel());
  schedule();
}

async function sweep(dependencies: ExpireContextsDependencies): Promise<void> {
  const { contexts, health } = dependencies;
  // A failure was logged and counted; the next sweep will find them.
  const expired = await health.watch('context_expired', contexts.expired()).catch(() => []);
  for (const context of expired) await expire(dependencies, context);
}

async function expire(dependencies: ExpireContextsDependencies, context: CallContext): Promise<void> {
  const { preparations, admission, clock } = dependencies;
  const { contextId, callId } = context;
  preparations.drop(contextId);
  admission.release(contextId);
  const logger = dependencies.logger.child({ callId });
  logger.info({}, 'no media came for a registered call');
  if (context.resumed !== undefined) return expireResumed(dependencies, context);
  const journal = createJournal(callId, { ...dependencies, logger });
  const code = 'context_expired';
  const outcome = { ending: 'expire', disconnectedBy: 'system', reason: code, code } as const;
  await recordEnding(journal, dependencies, { outcome, endedAtMs: clock.wallMs() });
}

/** The caller was lost, and has not come back. */
async function expireResumed(
  dependencies: ExpireContextsDependencies,
  { contextId, callId, resumed }: CallContext,
): Promise<void> {
  const { calls, health, analyses, logger } = dependencies;
  try {
    const call = await health.watch('call_by_context', calls.getByContext(contextId));
    // In another leg it was taken up once more.
    if (call === undefined || call.resumes !== resumed?.leg) return;
    await endOrphan(dependencies, call, 'not_resumed');
    await analyses.takeOver(call.nodeId);
  } catch (error) {
    logger.error({ err: error, callId }, 'a call that nobody took up again could not be ended');
  }
}
