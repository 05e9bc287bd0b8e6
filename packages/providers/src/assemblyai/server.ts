import type { Secret } from '@rapida/core';

/** Sessions and the tokens for them; in Europe `https://streaming.eu.assemblyai.com/v3`. */
export const ASSEMBLYAI_BASE_URL = 'https://streaming.assemblyai.com/v3';

/** The key as it is, without a scheme, revealed now. */
export function assemblyAiHeaders(apiKey: Secret | undefined): Readonly<Record<string, string>> {
  return apiKey === undefined ? {} : { authorization: apiKey.reveal() };
}
