import { RapidaError, type Secret } from '@rapida/core';
import { codeOfStatus, quote } from '../wire/vendor-errors.js';

/** The failure behind an error event: `{status_code, title, message}`. https://docs.cartesia.ai/use-the-api/api-errors */
export function eventError(
  event: { readonly status_code?: number | null | undefined; readonly message?: string | null | undefined },
  apiKey: Secret | undefined,
): RapidaError {
  // Without a status nothing is known but that it failed.
  const code = codeOfStatus(event.status_code ?? 500);
  const said = code === 'provider_auth' ? '' : quote(event.message ?? '', apiKey);
  return new RapidaError(code, `The provider ended its answer (${event.status_code})${said === '' ? '' : `: ${said}`}`);
}
