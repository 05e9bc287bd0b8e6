import type { Secret } from '@rapida/core';

export const DEEPGRAM_BASE_URL = 'https://api.deepgram.com/v1';

/** Deepgram's own scheme, revealed now. None where an assistant names a server that is not the credential's. */
export function deepgramHeaders(apiKey: Secret | undefined): Readonly<Record<string, string>> {
  return apiKey === undefined ? {} : { authorization: `Token ${apiKey.reveal()}` };
}
