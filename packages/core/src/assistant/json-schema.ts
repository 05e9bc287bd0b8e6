import { z } from 'zod';
import type { JsonObject } from '../json.js';
import { assistantConfigSchema } from './assistant-config.js';

/** What editors check and complete a configuration with, in YAML or JSON: the form in which it is written, with its defaults. */
export function assistantJsonSchema(): JsonObject {
  const { $schema = '', ...schema } = z.toJSONSchema(assistantConfigSchema, { io: 'input' });
  const head = { $schema, title: 'An assistant of Rapida for Asterisk' };
  // A copy of what is JSON alone: the library adds functions.
  return { ...head, ...(JSON.parse(JSON.stringify(schema)) as JsonObject) };
}
