import type { OpenedCredential } from '@rapida/core';
import type { VendorParts } from '../vendor.js';
import { createVendorHttp, VENDOR_TIMEOUTS, type VendorHttp } from '../wire/vendor-http.js';

/** Ours, as it is: no header, nothing to resample. */
const OUTPUT_FORMAT = 'raw-16khz-16bit-mono-pcm';

type Credential = OpenedCredential<'azure-speech'>;

/** Recognition; without a slash at the end. */
export function speechUrlOf({ speechUrl, region }: Credential): string {
  return (speechUrl ?? `https://${region}.stt.speech.${cloudOf(region)}`).replace(/\/+$/, '');
}

/** Voices; without a slash at the end. */
function voiceUrlOf({ voiceUrl, region }: Credential): string {
  return (voiceUrl ?? `https://${region}.tts.speech.${cloudOf(region)}`).replace(/\/+$/, '');
}

/** Azure in China and for the government of the USA have names of their own ("Speech service in sovereign clouds"). */
function cloudOf(region: string): string {
  if (region.startsWith('china')) return 'azure.cn';
  return region.startsWith('usgov') ? 'azure.us' : 'microsoft.com';
}

/** The head of every request. */
export function azureHeaders({ apiKey }: Credential): Readonly<Record<string, string>> {
  return { 'ocp-apim-subscription-key': apiKey.reveal() };
}

/** The REST side of the voices. */
export function voiceServerOf(parts: VendorParts<'azure-speech'>): VendorHttp {
  const { clock, logger, credential, timeouts } = parts;
  return createVendorHttp({
    ...{ clock, logger, apiKey: credential.apiKey, baseUrl: voiceUrlOf(credential) },
    authorise: (headers) => {
      for (const [name, value] of Object.entries(azureHeaders(credential))) headers.set(name, value);
      // Both are required where sound is asked for, and read nowhere else.
      headers.set('x-microsoft-outputformat', OUTPUT_FORMAT);
      headers.set('user-agent', 'rapida');
    },
    fetch: parts.fetch ?? fetch,
    timeouts: { ...VENDOR_TIMEOUTS, ...timeouts },
  });
}
