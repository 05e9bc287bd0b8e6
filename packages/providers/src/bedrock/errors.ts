import { type ErrorCode, RapidaError, type Secret } from '@rapida/core';
import { protocolError, quote, rapidaErrorIn } from '../wire/vendor-errors.js';

/** A failure of the model itself is answered with 424 (ModelErrorException). */
export function codeOf(status: number): ErrorCode | undefined {
  return status === 424 ? 'provider_unavailable' : undefined;
}

/** The exceptions of ConverseStream, by their names in its event stream; any other is the server's own failure. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  throttlingException: 'provider_rate_limited',
  validationException: 'provider_rejected',
  modelTimeoutException: 'provider_timeout',
};

/** The exception in an event `{name: {message}}`: the SDK tells no more of it than its message, and of some nothing. */
export function failureIn(event: unknown, secret: Secret): RapidaError | undefined {
  for (const [name, told] of Object.entries(event ?? {})) {
    if (!name.endsWith('Exception')) continue;
    const { message } = (told ?? {}) as { message?: unknown };
    const said = quote(typeof message === 'string' ? message : name, secret);
    return new RapidaError(CODES[name] ?? 'provider_unavailable', `The provider ended its answer: ${said}`);
  }
  return undefined;
}

/** How the decoders of event streams complain of a frame that is cut off or does not match its checksum: with plain errors. */
const DAMAGED = /event[- ]stream|checksum|message length/i;

export function translate(error: unknown): RapidaError | undefined {
  if (rapidaErrorIn(error) !== undefined || !(error instanceof Error) || !DAMAGED.test(error.message)) return undefined;
  return protocolError('The answer is not an event stream of ConverseStream', error);
}
