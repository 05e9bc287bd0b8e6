import { ask } from '../ai-sdk/server.js';
import type { Probe } from '../vendor.js';
import { serverOf } from './server.js';

/** Asks for the list of models. */
export const probe: Probe<'google'> = async (parts, signal) => {
  await ask(serverOf(parts, undefined), '/models?pageSize=1', signal);
  return 'The Gemini API answered';
};
