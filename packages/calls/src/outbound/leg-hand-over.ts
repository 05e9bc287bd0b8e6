import type { AriFailure, AriResult } from '@rapida/ari';
import type { TransferFailure } from '@rapida/core';
import type { AsteriskLink } from './asterisk-link.js';
import type { TransferWatch } from './transfer-watch.js';

/** What a leg could do for a transfer: let its phone go (`continue`), or find that the dialplan can (`directive`). */
export type LegHandOver =
  | { readonly ok: true; readonly by: 'directive' | 'continue'; readonly watch: TransferWatch }
  | { readonly ok: false; readonly reason: TransferFailure };

/** A place in the dialplan, of `context,exten,priority`. */
export function placeOf(target: string): { context: string; extension: string; priority: number } {
  const [context = '', extension = '', priority = '1'] = target.split(',');
  return { context, extension, priority: Number(priority) };
}

/**
 * Asks Asterisk whether there is such a place, as the channel sees it: `continue` takes any, and hangs up where there is
 * none. Undefined where it does not say.
 */
export async function targetExists(
  { client }: AsteriskLink,
  channelId: string,
  target: string,
): Promise<AriResult<boolean | undefined>> {
  const answer = await client.channelVariable(channelId, `DIALPLAN_EXISTS(${target})`);
  if (!answer.ok) return answer;
  return { ok: true, value: answer.value === undefined ? undefined : answer.value === '1' };
}

export function refusalOf({ kind }: AriFailure): TransferFailure {
  if (kind === 'unreachable' || kind === 'timeout') return 'asterisk_unreachable';
  return kind === 'not_found' ? 'caller_hangup' : 'asterisk_refused';
}

/** Asterisk's own word that it did nothing; an answer that was lost is none. */
export function isRefusal({ kind, sent }: AriFailure): boolean {
  return !sent || kind === 'not_found' || kind === 'conflict' || kind === 'not_in_stasis' || kind === 'invalid';
}
