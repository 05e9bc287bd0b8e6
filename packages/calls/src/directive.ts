import { type CallRecord, type CallStore, type Clock, FINAL_STATES, isContextId, sleep } from '@rapida/core';

/** What the dialplan does after the media when nothing else was decided. */
export const HANGUP = 'hangup';
/** To a dialplan that can take a call up again: nobody has ended it, or it is not known and another one is to begin. */
export const RESUME = 'resume';
export const BEGIN = 'begin';
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

/** How long a question waits for the end of a call to be written: its media is closed first. */
export const END_WRITTEN_MS_MAX = 1_000;
const LOOK_AGAIN_MS = 50;

/**
 * The same for a dialplan whose media is gone and that can take the call up again. What somebody decided stands in the record as
 * its directive; where there is none the media was lost. A call that has media gets a while for its end to be written.
 */
export async function readNextStep(
  calls: Pick<CallStore, 'getByContext'>,
  clock: Clock,
  contextId: string,
): Promise<{ readonly call: CallRecord | undefined; readonly step: string }> {
  const untilMs = clock.nowMs() + END_WRITTEN_MS_MAX;
  for (;;) {
    const read = await readDirective(calls, clock, contextId);
    const step = stepOf(read?.call);
    if (step !== RESUME || read?.call.state !== 'connected' || clock.nowMs() >= untilMs) {
      return { call: read?.call, step };
    }
    await sleep(clock, LOOK_AGAIN_MS);
  }
}

/** Pure. */
export function stepOf(call: CallRecord | undefined): string {
  if (call === undefined) return BEGIN;
  if (call.directive !== null) return call.directive;
  if (!FINAL_STATES.includes(call.state)) return RESUME;
  // Not ended by anybody: lost. And who was taken for gone and asks is still there.
  return call.disconnectedBy === 'assistant' ? HANGUP : BEGIN;
}
