import { ask } from '../ai-sdk/server.js';
import type { Probe } from '../vendor.js';
import { modelsPathOf, serverOf } from './server.js';

/** Asks for the models that the resource could deploy. Which ones it has deployed this key may not ask. */
export const probe: Probe<'azure-openai'> = async (parts, signal) => {
  await ask(serverOf(parts), modelsPathOf(parts.credential.apiVersion), signal);
  return 'Azure OpenAI answered';
};
