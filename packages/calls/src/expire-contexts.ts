import type {
  CallContext,
  CallContextStore,
  CallRecord,
  CallStore,
  Clock,
  EntityId,
  Logger,
  Scope,
  Telemetry,
  Timer,
} from '@rapida/core';
import type { Admission } from './admission.js';
import type { Analyses } from './after-call/analyses.js';
import type { CallSpool } from './call-spool.js';
import { type EndOrphanDependencies, endOrphan } from './end-orphan.js';
import { createJournal } from './journal.js';
import type { LiveCalls } from './live-calls.js';
import type { Legs } from './outbound/legs.js';
import type { Preparations } from './preparation.js';
import { recordEnding } from './record-ending.js';
import type { StoreHealth } from './store-health.js';

export const EXPIRY_SWEEP_MS = 5_000;
/** How often it is looked for calls whose context nobody knows of any more. */
export const LEFT_SWEEP_MS = 60_000;
/** And how long after their context has run out they are given up. */
const LEFT_AFTER_MS = 60_000;

export interface ExpireContextsDependencies extends EndOrphanDependencies {
  readonly analyses: Pick<Analyses, 'takeOver'>;
  readonly calls: CallStore;
  readonly nodeId: string;
  readonly contextTtlMs: number;
  readonly legs: Pick<Legs, 'has'>;
  readonly live: Pick<LiveCalls, 'has'>;
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

/**
 * Sweeps now and then from now on: calls whose media never came end as `expired`, also where their context is in no store any
 * more - Redis was restarted, or the answer to a claim was lost with it. So do calls that are connected by the record and that
 * nobody holds. One sweep at a time.
 */
export function startExpiringContexts(dependencies: ExpireContextsDependencies): void {
  const { clock, scope } = dependencies;
  let timer: Timer | undefined;
  let sweepLeftAtMs = clock.nowMs() + LEFT_SWEEP_MS;
  let unheld: Unheld = new Map();

  function schedule(): void {
    if (scope.closed) return;
    timer = clock.setTimer(EXPIRY_SWEEP_MS, () => void turn().then(schedule));
  }

  async function turn(): Promise<void> {
    await sweep(dependencies);
    if (clock.nowMs() < sweepLeftAtMs) return;
    sweepLeftAtMs = clock.nowMs() + LEFT_SWEEP_MS;
    unheld = await sweepLeft(dependencies, unheld);
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

/** Connected calls that nobody was found to hold, with the leg they were in. */
type Unheld = ReadonlyMap<EntityId, number>;

/** Of this node, which registered them: a claim makes a call that of the node that has its media, and connects it. */
async function sweepLeft(dependencies: ExpireContextsDependencies, before: Unheld): Promise<Unheld> {
  const { calls, health, clock, nodeId, contextTtlMs, legs, live, spool } = dependencies;
  const unfinished = await health.watch('unfinished', calls.unfinished(nodeId)).catch(() => []);
  const beforeMs = clock.wallMs() - contextTtlMs - LEFT_AFTER_MS;
  const unheld = new Map<EntityId, number>();
  for (const call of unfinished) {
    if (call.state === 'connected' && !live.has(call.id) && !spool.holds(call.id)) {
      // Its caller may be about to come back; at the next look nobody is.
      if (before.get(call.id) === call.resumes) await endUnheld(dependencies, call);
      else unheld.set(call.id, call.resumes);
    }
    if (call.state !== 'registered' || call.createdAtMs >= beforeMs) continue;
    // One that is steered ends otherwise; of the other the record does not say everything yet.
    if (legs.has(call.id) || spool.holds(call.id)) continue;
    const { contextId, projectId, assistantId } = call;
    await expire(dependencies, { contextId, callId: call.id, projectId, assistantId });
  }
  return unheld;
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
  { contextId, callId, resumed }: Pick<CallContext, 'contextId' | 'callId' | 'resumed'>,
): Promise<void> {
  const { calls, health, logger } = dependencies;
  try {
    const call = await health.watch('call_by_context', calls.getByContext(contextId));
    // In another leg it was taken up once more.
    if (call !== undefined && call.resumes === resumed?.leg) await endUnheld(dependencies, call);
  } catch (error) {
    logger.error({ err: error, callId }, 'a call that was to be taken up again could not be read');
  }
}

/** Never fails: the next look finds it again. */
async function endUnheld(dependencies: ExpireContextsDependencies, call: CallRecord): Promise<void> {
  const { analyses, logger } = dependencies;
  try {
    await endOrphan(dependencies, call, 'not_resumed');
    await analyses.takeOver(call.nodeId);
  } catch (error) {
    logger.error({ err: error, callId: call.id }, 'a call that nobody took up again could not be ended');
  }
}
