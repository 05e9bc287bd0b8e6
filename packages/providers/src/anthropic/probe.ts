import { ask } from '../ai-sdk/server.js';
import type { Probe } from '../vendor.js';
import { serverOf } from './server.js';

/** Asks for the list of models. */
export const probe: Probe<'anthropic'> = async (parts, signal) => {
  await ask(serverOf(parts, undefined), '/models?limit=1', signal);
  return 'Anthropic answered';
};
