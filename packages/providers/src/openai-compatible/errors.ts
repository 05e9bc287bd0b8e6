import { type ErrorCode, RapidaError, type Secret } from '@rapida/core';
import { quote } from '../wire/vendor-errors.js';

/** The failure behind an error object inside a stream that began well (OpenAI's `type` and `code`). */
export function streamedError(error: object, apiKey: Secret | undefined): RapidaError {
  const { type, code, message } = error as { type?: unknown; code?: unknown; message?: unknown };
  const ours = codeOfKind(`${String(type)} ${String(code)}`);
  const said = ours === 'provider_auth' || typeof message !== 'string' ? '' : quote(message, apiKey);
  return new RapidaError(ours, said === '' ? undefined : `The provider ended its answer: ${said}`);
}

function codeOfKind(kind: string): ErrorCode {
  if (/rate_limit|quota/.test(kind)) return 'provider_rate_limited';
  if (/authentication|permission|api_key/.test(kind)) return 'provider_auth';
  if (/invalid_request|not_found/.test(kind)) return 'provider_rejected';
  return 'provider_unavailable';
}
