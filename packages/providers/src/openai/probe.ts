import { probe as probeCompatible } from '../openai-compatible/probe.js';
import type { Probe } from '../vendor.js';

/** Asks for the list of models, as with any server of that API. */
export const probe: Probe<'openai'> = async (parts, signal) => {
  await probeCompatible(parts, signal);
  return 'OpenAI answered';
};
