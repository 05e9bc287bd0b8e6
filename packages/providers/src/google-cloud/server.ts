import type { OpenedCredential } from '@rapida/core';
import type { VendorParts } from '../vendor.js';
import { createVendorHttp, VENDOR_TIMEOUTS, type VendorHttp } from '../wire/vendor-http.js';
import type { ServiceAccount } from './service-account.js';

export const SPEECH_SERVICE = 'speech.googleapis.com';
export const VOICE_SERVICE = 'texttospeech.googleapis.com';

type Credential = OpenedCredential<'google-cloud'>;

/** Without a slash at the end. Each location but `global` has an address of its own, and only that one serves it. */
export function speechUrlOf({ speechUrl }: Credential, location: string): string {
  const standard = location === 'global' ? `https://${SPEECH_SERVICE}` : `https://${location}-${SPEECH_SERVICE}`;
  return (speechUrl ?? standard).replace(/\/+$/, '');
}

function voiceUrlOf({ voiceUrl }: Credential): string {
  return voiceUrl ?? `https://${VOICE_SERVICE}`;
}

/** The REST side of one of the two services. */
export function serverOf(
  parts: VendorParts<'google-cloud'>,
  account: ServiceAccount,
  service: typeof SPEECH_SERVICE | typeof VOICE_SERVICE,
): VendorHttp {
  const { clock, logger, credential, timeouts } = parts;
  return createVendorHttp({
    ...{ clock, logger, apiKey: undefined },
    baseUrl: service === VOICE_SERVICE ? voiceUrlOf(credential) : speechUrlOf(credential, 'global'),
    authorise: (headers) => headers.set('authorization', `Bearer ${account.token(service).reveal()}`),
    fetch: parts.fetch ?? fetch,
    timeouts: { ...VENDOR_TIMEOUTS, ...timeouts },
  });
}
