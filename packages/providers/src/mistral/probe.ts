import { ask } from '../ai-sdk/server.js';
import type { Probe } from '../vendor.js';
import { serverOf } from './server.js';

/** Asks for the list of models. */
export const probe: Probe<'mistral'> = async (parts, signal) => {
  await ask(serverOf(parts, undefined), '/models', signal);
  return 'Mistral answered';
};
