import type { LiveEvent } from '@rapida/client';
import { nextAfter, sentence } from '../../data/explain.js';

/** A call that was refused when an Asterisk announced it. */
export interface Refused {
  readonly at: string;
  readonly code: string;
  /** What the Asterisk was answered. */
  readonly what: string;
  /** What its owner can do about it. */
  readonly next: string;
}

/** Where something else is to be done than what a viewer of the dashboard would do. */
const NEXT: Readonly<Record<string, string>> = {
  key_missing: 'Its dialplan sends no key. Put one in above, and load the files again.',
  key_invalid:
    'The key in its dialplan is none of this server, or was revoked. Put a new one in above, and load the files again.',
  key_scope: 'The key in its dialplan may not register calls. Put a new one in above, and load the files again.',
  assistant_not_found: 'Its dialplan names an assistant that is not here. Load the files above.',
  assistant_id_malformed: 'Its dialplan names no assistant. Load the files above.',
  caller_missing: 'Its dialplan sends no caller. Load the files above.',
};

/** Undefined where the event tells of something else. */
export function readRefused({ type, at, data }: Pick<LiveEvent, 'type' | 'at' | 'data'>): Refused | undefined {
  if (type !== 'call.refused') return undefined;
  const { code, message } = data as { readonly code: string; readonly message: string };
  return { at, code, what: sentence(message), next: NEXT[code] ?? nextAfter(code, 'retryable') };
}
