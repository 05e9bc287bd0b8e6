import type {
  AssistantConfig,
  AssistantStore,
  CallContextStore,
  CallRecord,
  CallStore,
  Clock,
  Logger,
  LostNode,
  Telemetry,
} from '@rapida/core';
import { promisedAnalysis } from './after-call/analyses.js';
import { assistantAt } from './assistant-at.js';
import type { CallSpool } from './call-spool.js';
import { createJournal } from './journal.js';
import { recordEnding } from './record-ending.js';
import type { StoreHealth } from './store-health.js';

export interface RecoverDependencies {
  readonly calls: CallStore;
  readonly assistants: Pick<AssistantStore, 'get' | 'getVersion'>;
  readonly contexts: Pick<CallContextStore, 'withdraw'>;
  readonly health: StoreHealth;
  readonly spool: CallSpool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly nodeId: string;
}

/**
 * Ends what a former life of this process left open; run before the first call is taken. A call that had media has
 * `failed`, and so has one that was being dialled: whether it rang or was answered cannot be known any more, and it is never
 * dialled a second time for that. One that was only registered has `expired`: nobody was talking, and its context died with the
 * process, or is taken back now. What waits in the queue goes on waiting. When the media really ended is not known: `endedAtMs` is now, and the duration reaches to the last thing that was said.
 * Returns the calls that were ended, as they were. `lost`: the same for the calls of another node that has died.
 */
export async function recover(dependencies: RecoverDependencies, lost?: LostNode): Promise<readonly CallRecord[]> {
  const { calls, health, logger } = dependencies;
  const { nodeId, lapsedAtMs } = lost ?? { nodeId: dependencies.nodeId, lapsedAtMs: Number.POSITIVE_INFINITY };
  const unfinished = await health.watch('unfinished', calls.unfinished(nodeId));
  // Made after that it is of a new life of the node.
  const orphans = unfinished.filter(({ state, createdAtMs }) => state !== 'queued' && createdAtMs < lapsedAtMs);
  for (const call of orphans)
    await endOrphan(dependencies, call, lost === undefined ? 'server_restarted' : 'node_lost');
  if (orphans.length > 0) {
    const whose = lost === undefined ? 'the last run' : 'a node that is gone';
    logger.warn({ calls: orphans.length, nodeId }, `calls were left open by ${whose} and are ended now`);
  }
  return orphans;
}

async function endOrphan(
  dependencies: RecoverDependencies,
  call: CallRecord,
  reason: 'server_restarted' | 'node_lost',
): Promise<void> {
  const { calls, health, clock, logger, contexts } = dependencies;
  const hadMedia = call.connectedAtMs !== null;
  // Where it outlived its process nobody is to come in any more for a call that has ended.
  if (!hadMedia) await health.watch('context_withdraw', contexts.withdraw(call.contextId));
  const turns = hadMedia ? await health.watch('turns', calls.turns(call.id)) : [];
  const journal = createJournal(call.id, { ...dependencies, logger: logger.child({ callId: call.id }) });
  const config = turns.length === 0 ? undefined : await configThen(dependencies, call);
  const outcome = {
    // Without media: what connects in this moment is not its orphan any more.
    ending: hadMedia ? 'fail' : call.direction === 'outbound' ? 'drop' : 'expire',
    disconnectedBy: 'system',
    reason,
  } as const;
  await recordEnding(journal, dependencies, {
    outcome,
    endedAtMs: clock.wallMs(),
    durationMs: hadMedia ? Math.max(0, ...turns.map((turn) => turn.endMs)) : undefined,
    talkMs: turns.reduce((sum, turn) => sum + Math.max(0, turn.endMs - turn.startMs), 0),
    patch: promisedAnalysis(config, turns.length),
  });
}

/** Undefined where it is not there any more: the end is recorded all the same. */
async function configThen({ assistants }: RecoverDependencies, call: CallRecord): Promise<AssistantConfig | undefined> {
  try {
    return (await assistantAt(assistants, call)).config;
  } catch {
    return undefined;
  }
}
