import type { AssistantConfig, AssistantStore, CallRecord, CallStore, Clock, Logger, Telemetry } from '@rapida/core';
import { promisedAnalysis } from './after-call/analyses.js';
import { assistantAt } from './assistant-at.js';
import { createJournal } from './journal.js';
import { recordEnding } from './record-ending.js';
import type { StoreHealth } from './store-health.js';

export interface RecoverDependencies {
  readonly calls: CallStore;
  readonly assistants: Pick<AssistantStore, 'get' | 'getVersion'>;
  readonly health: StoreHealth;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly nodeId: string;
}

/**
 * Ends what a former life of this process left open; run before the first call is taken. A call that had media has
 * `failed`, and so has one that was being dialled: whether it rang or was answered cannot be known any more, and it is never
 * dialled a second time for that. One that was only registered has `expired`, because its context died with the process and
 * nobody was talking. What waits in the queue goes on waiting. When the media really ended is not known: `endedAtMs` is now, and the duration reaches to the last thing that was said.
 * Returns the calls that were ended, as they were.
 */
export async function recover(dependencies: RecoverDependencies): Promise<readonly CallRecord[]> {
  const { calls, health, nodeId, logger } = dependencies;
  const unfinished = await health.watch('unfinished', calls.unfinished(nodeId));
  const orphans = unfinished.filter(({ state }) => state !== 'queued');
  for (const call of orphans) await endOrphan(dependencies, call);
  if (orphans.length > 0)
    logger.warn({ calls: orphans.length }, 'calls were left open by the last run and are ended now');
  return orphans;
}

async function endOrphan(dependencies: RecoverDependencies, call: CallRecord): Promise<void> {
  const { calls, health, clock, logger } = dependencies;
  const hadMedia = call.connectedAtMs !== null;
  const turns = hadMedia ? await health.watch('turns', calls.turns(call.id)) : [];
  const journal = createJournal(call.id, { ...dependencies, logger: logger.child({ callId: call.id }) });
  const config = turns.length === 0 ? undefined : await configThen(dependencies, call);
  const outcome = {
    // Without media: what connects in this moment is not its orphan any more.
    ending: hadMedia ? 'fail' : call.direction === 'outbound' ? 'drop' : 'expire',
    disconnectedBy: 'system',
    reason: 'server_restarted',
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
