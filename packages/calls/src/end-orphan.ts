import type {
  AssistantConfig,
  AssistantStore,
  CallContextStore,
  CallRecord,
  CallStore,
  Clock,
  Logger,
  Telemetry,
} from '@rapida/core';
import { promisedAnalysis } from './after-call/analyses.js';
import { assistantAt } from './assistant-at.js';
import type { CallSpool } from './call-spool.js';
import { createJournal } from './journal.js';
import { recordEnding } from './record-ending.js';
import { saidBefore } from './said-before.js';
import type { StoreHealth } from './store-health.js';

export interface EndOrphanDependencies {
  readonly calls: CallStore;
  readonly assistants: Pick<AssistantStore, 'get' | 'getVersion'>;
  readonly contexts: Pick<CallContextStore, 'withdraw'>;
  readonly health: StoreHealth;
  readonly spool: CallSpool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

/** `not_resumed`: it was to be taken up again, but its media never came. */
export type OrphanReason = 'server_restarted' | 'node_lost' | 'not_resumed';

/**
 * Ends a call that nobody holds any more, unless it was taken up again since `call` was read. When its media really ended is not
 * known: `endedAtMs` is now, and the duration reaches to the last thing that was said.
 */
export async function endOrphan(
  dependencies: EndOrphanDependencies,
  call: CallRecord,
  reason: OrphanReason,
): Promise<void> {
  const { calls, health, clock, logger, contexts } = dependencies;
  const hadMedia = call.connectedAtMs !== null;
  const turns = hadMedia ? await health.watch('turns', calls.turns(call.id)) : [];
  const journal = createJournal(call.id, { ...dependencies, logger: logger.child({ callId: call.id }) }, call.resumes);
  const config = turns.length === 0 ? undefined : await configThen(dependencies, call);
  const { endMs, talkMs } = saidBefore(turns);
  const outcome = {
    // Without media: what connects in this moment is not its orphan any more.
    ending: hadMedia ? 'fail' : call.direction === 'outbound' ? 'drop' : 'expire',
    disconnectedBy: 'system',
    reason,
  } as const;
  const stands = await recordEnding(journal, dependencies, {
    outcome,
    endedAtMs: clock.wallMs(),
    durationMs: hadMedia ? endMs : undefined,
    talkMs,
    patch: promisedAnalysis(config, turns.length),
  });
  // Where it outlived its process nobody is to come in any more for a call that has ended.
  if (stands && !hadMedia) await health.watch('context_withdraw', contexts.withdraw(call.contextId));
}

/** Undefined where it is not there any more: the end is recorded all the same. */
async function configThen(
  { assistants }: EndOrphanDependencies,
  call: CallRecord,
): Promise<AssistantConfig | undefined> {
  try {
    return (await assistantAt(assistants, call)).config;
  } catch {
    return undefined;
  }
}
