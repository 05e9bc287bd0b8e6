import { type CallRecord, type CallStore, type Clock, isContextId } from '@rapida/core';

/** What the dialplan does after the media when nothing else was decided. */
export const HANGUP = 'hangup';
/** How long after the end of a call its dialplan may still ask. */
export const DIRECTIVE_VALID_MS = 5 * 60_000;

const GOTO = 'goto:';

/** Where a directive leads, if it is a transfer. */
export function targetOf(directive: string | null | undefined): string | undefined {
  return directive?.startsWith(GOTO) ? directive.slice(GOTO.length) : undefined;
}

/** The words for the dialplan, or undefined where the target is not on the allow-list of the deployment. */
export function transferDirective(target: string, allowed: readonly string[]): string | undefined {
  return allowed.includes(target) ? `${GOTO}${target}` : undefined;
}

/**
 * Reads what was decided from the record: it is written there before the leg is closed, because the dialplan asks as
 * soon as its media is gone, and so that it survives a restart. Undefined: no such call, or it ended too long ago.
 */
export async function readDirective(
  calls: Pick<CallStore, 'getByContext'>,
  clock: Clock,
  contextId: string,
): Promise<{ readonly call: CallRecord; readonly directive: string } | undefined> {
  if (!isContextId(contextId)) return undefined;
  const call = await calls.getByContext(contextId);
  if (call === undefined) return undefined;
  if (call.endedAtMs !== null && clock.wallMs() - call.endedAtMs > DIRECTIVE_VALID_MS) return undefined;
  return { call, directive: call.directive ?? HANGUP };
}
