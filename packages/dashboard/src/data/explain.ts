import { RapidaApiError } from '@rapida/client';

export interface Explained {
  /** What happened. */
  readonly what: string;
  /** What the viewer can do about it. */
  readonly next: string;
  /** For a search, a ticket, a colleague. */
  readonly code?: string;
}

/** What to do next, by the code of the error; the server's own words say what happened. */
const NEXT: Readonly<Record<string, string>> = {
  unreachable: 'Check that the server runs and that your network reaches it, then try again.',
  timeout: 'The server is slow or away. Try again in a moment.',
  key_missing: 'Sign in again.',
  key_invalid: 'The key is not known or was revoked. Sign in with another one.',
  key_scope: 'Your sign-in may not do this. Sign in with a key that has the scope it names.',
  call_not_found: 'It may belong to another project, or have been removed. Go back to the list of calls.',
  assistant_not_found: 'It may belong to another project, or have been removed. Go back to the list of assistants.',
  call_ended: 'Nothing can be done in this call any more. Its record is below.',
  call_not_live: 'Nobody is on the line at this moment. Wait until the call is connected.',
  credential_in_use: 'Give the assistants that are named another credential first.',
  deployment_incomplete: 'Complete the phone deployment of the assistant.',
  deployment_disabled: 'Enable the phone deployment of the assistant.',
  draining: 'The server is stopping. Try again when it has started anew.',
  at_capacity: 'Wait until a call ends, or raise LIMITS__MAX_CALLS.',
  transfer_not_allowed: 'Add the target to the transfer targets of the phone deployment.',
  too_many_streams: 'Close other windows of the dashboard.',
};

export function explain(error: unknown): Explained {
  if (!(error instanceof RapidaApiError)) {
    return { what: 'Something went wrong on this page.', next: 'Load the page again.' };
  }
  const { code, text, retryable } = error;
  return { what: sentence(text), next: nextAfter(code, retryable ? 'retryable' : 'final'), code };
}

export function nextAfter(code: string, kind: 'retryable' | 'final'): string {
  return NEXT[code] ?? (kind === 'retryable' ? 'Try again in a moment.' : 'Correct it and try again.');
}

/** With a capital letter, and a stop. */
export function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
