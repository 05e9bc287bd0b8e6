import { type ErrorCode, RapidaError, type Secret } from '@rapida/core';
import { quote } from '../wire/vendor-errors.js';
import type { VendorError } from './realtime-messages.js';

/** What an `error` event, or the error of a failed response, means. */
export function realtimeError(error: VendorError, apiKey: Secret | undefined): RapidaError {
  const code = codeOf(`${error.type ?? ''} ${error.code ?? ''}`);
  const said = code === 'provider_auth' ? '' : quote(error.message ?? '', apiKey);
  return new RapidaError(code, said === '' ? undefined : `The provider said: ${said}`);
}

/** "Most errors are recoverable": those about a single message of ours are. */
export function isAboutOneMessage(error: VendorError): boolean {
  return error.type === 'invalid_request_error' && !/api_key|session_expired|model_not_found/.test(error.code ?? '');
}

function codeOf(kind: string): ErrorCode {
  if (/rate_limit|quota/.test(kind)) return 'provider_rate_limited';
  if (/authentication|permission|api_key/.test(kind)) return 'provider_auth';
  if (/session_expired|server_error/.test(kind)) return 'provider_unavailable';
  if (/invalid_request|not_found/.test(kind)) return 'provider_rejected';
  return 'provider_unavailable';
}
