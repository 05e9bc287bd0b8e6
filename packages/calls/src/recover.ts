import type { CallRecord, LostNode, Scope } from '@rapida/core';
import type { Analyses } from './after-call/analyses.js';
import { type EndOrphanDependencies, endOrphan } from './end-orphan.js';
import { mayBeResumed } from './resume-rules.js';

/**
 * How long a call that a former life of this process held is kept open: its dialplan asks every few seconds. With the lease of
 * a node, within which another node would close it, this stays below 15 s.
 */
export const RESUME_WINDOW_MS = 7_000;

export interface RecoverDependencies extends EndOrphanDependencies {
  readonly nodeId: string;
  readonly analyses: Pick<Analyses, 'takeOver'>;
  readonly resumesMax: number;
  /** Closing it ends the calls at once that are kept open. */
  readonly scope: Scope;
}

/**
 * Ends what a former life of this process left open; run before the first call is taken. A call that had media has
 * `failed`, and so has one that was being dialled: whether it rang or was answered cannot be known any more, and it is never
 * dialled a second time for that. One that was only registered has `expired`: nobody was talking, and its context died with the
 * process, or is taken back now. What waits in the queue goes on waiting. A caller who was in conversation may come back within
 * {@link RESUME_WINDOW_MS}; the call ends when nobody has. Returns the calls that were left open, as they were.
 */
export async function recover(dependencies: RecoverDependencies): Promise<readonly CallRecord[]> {
  const { logger, nodeId, resumesMax } = dependencies;
  const orphans = await orphansOf(dependencies, nodeId, Number.POSITIVE_INFINITY);
  const open = orphans.filter((call) => mayBeResumed(call, resumesMax));
  for (const call of orphans) if (!open.includes(call)) await endOrphan(dependencies, call, 'server_restarted');
  if (open.length > 0) keepOpen(dependencies, open);
  if (orphans.length > 0) {
    const counts = { calls: orphans.length, open: open.length, nodeId };
    logger.warn(counts, 'calls were left open by the last run: they end now, or when their callers do not come back');
  }
  return orphans;
}

function keepOpen(dependencies: RecoverDependencies, open: CallRecord[]): void {
  const { logger, nodeId, clock, scope, analyses } = dependencies;
  const close = async (): Promise<void> => {
    for (const call of open.splice(0)) {
      await endOrphan(dependencies, call, 'server_restarted').catch((error: unknown) =>
        logger.error({ err: error, callId: call.id }, 'a call that nobody took up again could not be ended'),
      );
    }
    await analyses.takeOver(nodeId).catch((error: unknown) => {
      logger.error({ err: error, nodeId }, 'calls that were left are analysed by the next start');
    });
  };
  const timer = clock.setTimer(RESUME_WINDOW_MS, () => void close());
  scope.onClose(async () => {
    timer.cancel();
    if (open.length > 0) await close();
  });
}

/** The same for the calls of another node that has died: those that were taken up again are not among them any more. */
export async function recoverLost(dependencies: RecoverDependencies, lost: LostNode): Promise<readonly CallRecord[]> {
  const orphans = await orphansOf(dependencies, lost.nodeId, lost.lapsedAtMs);
  for (const call of orphans) await endOrphan(dependencies, call, 'node_lost');
  if (orphans.length > 0) {
    const { nodeId } = lost;
    const counts = { calls: orphans.length, nodeId };
    dependencies.logger.warn(counts, 'calls were left open by a node that is gone and are ended now');
  }
  return orphans;
}

/** What was made after `lapsedAtMs` is of a new life of the node. */
async function orphansOf(
  { calls, health }: RecoverDependencies,
  nodeId: string,
  lapsedAtMs: number,
): Promise<readonly CallRecord[]> {
  const unfinished = await health.watch('unfinished', calls.unfinished(nodeId));
  return unfinished.filter(({ state, createdAtMs }) => state !== 'queued' && createdAtMs < lapsedAtMs);
}
