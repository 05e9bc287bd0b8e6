import { z } from 'zod';
import type { JsonObject } from '../json.js';

/** What a language model makes of the transcript when the call has ended. Nothing of it is on by default. */
export const afterCallSchema = z.strictObject({
  summary: z.boolean().default(false).describe('Two or three sentences, in the language of the assistant'),
  extract: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('What is to be found out, as a JSON Schema of an object') as z.ZodOptional<z.ZodType<JsonObject>>,
  success: z
    .string()
    .trim()
    .max(2_000)
    .default('')
    .describe('When the call was a success, in words; the answer is yes, no or unknown'),
  timeoutMs: z.int().min(1_000).max(120_000).default(30_000).describe('After this the call is told of without'),
});

export type AfterCallConfig = z.infer<typeof afterCallSchema>;
