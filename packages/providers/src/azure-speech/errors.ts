import { type ErrorCode, RapidaError } from '@rapida/core';

/** `RecognitionStatus` of a phrase that is a failure; every other one has text, or nothing was understood. */
const STATUSES: Readonly<Record<string, ErrorCode>> = {
  Error: 'provider_unavailable',
  TooManyRequests: 'provider_rate_limited',
  BadRequest: 'provider_rejected',
  // The SDK: "using a free subscription that ran out of quota".
  Forbidden: 'provider_rate_limited',
};

/** Undefined where the phrase is no failure. Statuses that came later than this was written are none. */
export function phraseFailure(status: string): RapidaError | undefined {
  const code = STATUSES[status];
  return code === undefined ? undefined : new RapidaError(code, `Azure ended the recognition with ${status}`);
}

/** What a close says beyond RFC 6455: 1007 is of sound or messages that Azure does not take, and of a quota that is used up. */
export function closedFailure(failure: RapidaError, closeCode: number | undefined): RapidaError {
  if (closeCode !== 1007) return failure;
  return new RapidaError('provider_rejected', 'Azure did not take what it was sent, or the quota is used up (1007)');
}
