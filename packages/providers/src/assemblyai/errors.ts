import { type ErrorCode, RapidaError, type Secret } from '@rapida/core';
import { quote } from '../wire/vendor-errors.js';
import type { VendorMessage } from '../wire/vendor-session.js';

/**
 * Codes of `Error` messages, and the same as close codes: https://www.assemblyai.com/docs/streaming/common-session-errors-and-closures
 * (read in the state of 2026). A session that expired, or was cancelled by an error of theirs, may be opened again.
 */
export function codeOfClosing(code: number): ErrorCode | undefined {
  if (code === 1008) return 'provider_auth';
  if (code === 3009) return 'provider_rate_limited';
  if (code === 3006 || code === 3007) return 'provider_rejected';
  if (code === 3005 || code === 3008) return 'provider_unavailable';
  return undefined;
}

/** The failure behind `{type: "Error", error_code, error}`. Nothing is quoted of what was said about the key. */
export function streamedError({ error_code, error }: VendorMessage, apiKey: Secret | undefined): RapidaError {
  const code = codeOfClosing(Number(error_code)) ?? 'provider_unavailable';
  const said = typeof error === 'string' && code !== 'provider_auth' ? quote(error, apiKey) : '';
  return new RapidaError(code, said === '' ? undefined : `AssemblyAI ended the session: ${said}`);
}
