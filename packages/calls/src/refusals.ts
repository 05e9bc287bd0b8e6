import {
  type AssistantStore,
  type Clock,
  type EntityId,
  isEntityId,
  type LiveFeed,
  type Logger,
  RapidaError,
} from '@rapida/core';

/** In the place of the id of a call that never came to be. */
const NO_CALL: EntityId = '0';
/** Longest caller that is told. */
const FROM_LENGTH_MAX = 256;
/** Whoever has no key may make us look for a project once in this time for one assistant, */
export const TOLD_EVERY_MS = 1_000;
/** and for so many assistants, known or not. */
export const TOLD_ASSISTANTS_MAX = 100;

export interface RefusalDependencies {
  readonly assistants: Pick<AssistantStore, 'projectOf'>;
  /** Hears of calls that were refused: whoever waits for the first one sees what is wrong. */
  readonly liveFeed: Pick<LiveFeed, 'publish'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Who would have called, and whom. */
export interface RefusedCall {
  readonly projectId: EntityId;
  readonly assistantId: string;
  readonly from: string;
}

/** Told to those who watch the project, at once; `error` is what the dialplan was answered. */
export function tellRefused(
  { liveFeed, clock }: Pick<RefusalDependencies, 'liveFeed' | 'clock'>,
  { projectId, assistantId, from }: RefusedCall,
  { code, message }: RapidaError,
): void {
  const whose = { projectId, assistantId: isEntityId(assistantId) ? assistantId : '', callId: NO_CALL };
  const data = { code, message, from: from.slice(0, FROM_LENGTH_MAX) };
  liveFeed.publish({ ...whose, seq: null, type: 'call.refused', atMs: clock.wallMs(), data });
}

/** A call to the assistant was refused because of its key, so that nobody knows whose it was. Never fails; nobody waits for it. */
export type NoteKeyRefused = (assistantId: string, error: unknown) => void;

/**
 * A key that is wrong is what goes wrong most often with an Asterisk that is new: the project of the assistant that was named
 * hears of it. Anybody can make us do this, so it is done seldom, and what they say of themselves is told to nobody.
 */
export function createNoteKeyRefused(dependencies: RefusalDependencies): NoteKeyRefused {
  const { assistants, clock, logger } = dependencies;
  /** When it was looked for last, the oldest first. */
  const looked = new Map<string, number>();

  function isDue(assistantId: string): boolean {
    const nowMs = clock.nowMs();
    for (const [id, atMs] of looked) if (nowMs - atMs >= TOLD_EVERY_MS) looked.delete(id);
    if (looked.has(assistantId) || looked.size >= TOLD_ASSISTANTS_MAX) return false;
    looked.set(assistantId, nowMs);
    return true;
  }

  return (assistantId, error) => {
    if (!isEntityId(assistantId) || !isDue(assistantId)) return;
    assistants.projectOf(assistantId).then(
      (projectId) => {
        if (projectId === undefined) return;
        tellRefused(dependencies, { projectId, assistantId, from: '' }, RapidaError.from(error));
      },
      (err: unknown) => logger.warn({ err, assistantId }, 'nobody could be told of a key that was refused'),
    );
  };
}
