import { RapidaError } from '@rapida/core';

/**
 * The vendor says what it does not like by the code of the close: 1007 for a setup it does not take, 1008 for a model or a key.
 * Its reason is not quoted: it may repeat the key.
 */
export function liveFailure(failure: RapidaError, code: number | undefined): RapidaError {
  return code === 1007 || code === 1008 ? new RapidaError('provider_rejected', failure.message) : failure;
}
