import type { ErrorCode } from '@rapida/core';
import type { VendorParts } from '../vendor.js';
import { reachOf } from '../wire/reach.js';
import { createVendorHttp, VENDOR_TIMEOUTS, type VendorHttp } from '../wire/vendor-http.js';

export const ELEVENLABS_BASE_URL = 'https://api.elevenlabs.io/v1';

/** Where the assistant wants it, else where the credential says, else ElevenLabs itself. */
export function serverOf(
  parts: VendorParts<'elevenlabs'>,
  wanted: string | undefined,
  codeOf: (status: number, answer: string) => ErrorCode | undefined,
): VendorHttp {
  const { clock, logger, credential, timeouts } = parts;
  const { baseUrl, apiKey } = reachOf(credential, ELEVENLABS_BASE_URL, wanted);
  return createVendorHttp({
    ...{ clock, logger, baseUrl, apiKey, codeOf },
    authorise(headers) {
      if (apiKey !== undefined) headers.set('xi-api-key', apiKey.reveal());
    },
    fetch: parts.fetch ?? fetch,
    timeouts: { ...VENDOR_TIMEOUTS, ...timeouts },
  });
}
