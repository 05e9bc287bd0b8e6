import type { Secret } from '@rapida/core';
import type { CommonParts } from '../vendor.js';
import { reachOf } from '../wire/reach.js';
import { createVendorHttp, VENDOR_TIMEOUTS, type VendorHttp } from '../wire/vendor-http.js';

export const OPENAI_BASE_URL = 'https://api.openai.com/v1';

/** Some server with OpenAI's API: where the assistant wants it, else where the credential says, else OpenAI itself. */
export function serverOf(
  parts: CommonParts & {
    readonly credential: { readonly apiKey?: Secret | undefined; readonly baseUrl?: string | undefined };
  },
  wanted: string | undefined,
): VendorHttp {
  const { clock, logger, credential, timeouts } = parts;
  return createVendorHttp({
    ...{ clock, logger, ...reachOf(credential, OPENAI_BASE_URL, wanted) },
    fetch: parts.fetch ?? fetch,
    timeouts: { ...VENDOR_TIMEOUTS, ...timeouts },
  });
}
