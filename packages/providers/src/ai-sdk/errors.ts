import { type ErrorCode, RapidaError, type Secret } from '@rapida/core';
import { protocolError, quote, rapidaErrorIn } from '../wire/vendor-errors.js';

/** The border between what the AI SDK throws or yields as an error and the catalogue: ours inside it, the vendor's own object, or neither. */
export function translated(error: unknown, apiKey: Secret | undefined): RapidaError {
  const ours = rapidaErrorIn(error);
  if (ours !== undefined) return ours;
  if (!(error instanceof Error)) {
    return isObject(error) ? streamedError(error, apiKey) : protocolError(NOT_AN_ANSWER, error);
  }
  // The SDK's own errors are about what it was sent; any other is a fault of ours.
  if (!error.name.startsWith('AI_')) return RapidaError.from(error);
  if (error.name === 'AI_UnsupportedFunctionalityError') {
    return new RapidaError('provider_rejected', 'A tool has parameters that this provider cannot be told', {
      cause: error,
    });
  }
  const told = toldIn(error);
  return told === undefined ? protocolError(NOT_AN_ANSWER, error) : streamedError(told, apiKey);
}

const NOT_AN_ANSWER = 'The answer is not a stream of the protocol of this provider';

/** The failure behind an error object inside a stream that began well. Vendors name its kind in `type`, `code` or `status`. */
export function streamedError(error: object, apiKey: Secret | undefined): RapidaError {
  const { type, code, status, message } = error as Readonly<Record<string, unknown>>;
  const ours = codeOfKind([type, code, status].filter((kind) => kind !== undefined && kind !== null).join(' '));
  const said = ours === 'provider_auth' || typeof message !== 'string' ? '' : quote(message, apiKey);
  return new RapidaError(ours, said === '' ? undefined : `The provider ended its answer: ${said}`);
}

function codeOfKind(kind: string): ErrorCode {
  if (/rate_limit|quota|throttl|resource_exhausted|\b429\b/i.test(kind)) return 'provider_rate_limited';
  if (/authentication|unauthenticated|permission|api_key/i.test(kind)) return 'provider_auth';
  if (/timeout|deadline/i.test(kind)) return 'provider_timeout';
  if (/invalid|not_found|validation|context_length/i.test(kind)) return 'provider_rejected';
  return 'provider_unavailable';
}

/** The vendor's object inside the SDK's error for a stream that failed before its first word. */
function toldIn(error: Error): object | undefined {
  const { responseBody } = error as { responseBody?: unknown };
  if (typeof responseBody !== 'string') return undefined;
  try {
    const frame: unknown = JSON.parse(responseBody);
    // The SDK puts its own errors there too.
    if (!isObject(frame) || 'name' in frame) return undefined;
    const { error: told, response } = frame as { error?: unknown; response?: { error?: unknown } };
    return [told, response?.error, frame].find(isObject);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
