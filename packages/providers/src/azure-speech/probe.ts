import type { Probe } from '../vendor.js';
import { voiceServerOf } from './server.js';

/** Several hundred voices; the list is not read. */
const VOICES_BYTES_MAX = 4 * 1_024 * 1_024;

/** Asks for the voices of the region: the same key, and the same resource, as for recognition. */
export const probe: Probe<'azure-speech'> = async (parts, signal) => {
  const answer = await voiceServerOf(parts).get('/cognitiveservices/voices/list', signal, VOICES_BYTES_MAX);
  await answer.body?.cancel();
  return `Azure took the key in ${parts.credential.region}`;
};
