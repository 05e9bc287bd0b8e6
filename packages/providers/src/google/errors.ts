import type { ErrorCode } from '@rapida/core';

/** Google answers a key that it does not know with 400, and says why in `details`. */
export function codeOf(status: number, answer: string): ErrorCode | undefined {
  return status === 400 && /API_KEY_INVALID|API key (not valid|expired)/.test(answer) ? 'provider_auth' : undefined;
}
