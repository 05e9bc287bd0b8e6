import type { Probe } from '../vendor.js';
import { serverOf } from './server.js';

const MODELS_BYTES_MAX = 4 * 1_024 * 1_024;

/** Asks for the list of models. */
export const probe: Probe<'openai-compatible'> = async (parts, signal) => {
  const answer = await serverOf(parts, undefined).get('/models', signal, MODELS_BYTES_MAX);
  await answer.body?.cancel();
  return 'The server answered';
};
