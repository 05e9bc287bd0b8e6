import { ask } from '../ai-sdk/server.js';
import type { Probe } from '../vendor.js';
import { serverOf } from './server.js';

/** Asks for the list of models, signed; needs `bedrock:ListFoundationModels`. */
export const probe: Probe<'bedrock'> = async (parts, signal) => {
  await ask(serverOf(parts, 'bedrock'), '/foundation-models', signal);
  return `Bedrock answered in ${parts.credential.region}`;
};
