import { z } from 'zod';
import type { JsonObject } from '../json.js';

/** What a language model makes of the transcript when the call has ended. Nothing of it is on by default. */
export const afterCallSchema = z.strictObject({
  summary: z.boolean().default(false),
  /** What is to be found out, as a JSON Schema of an object. */
  extract: z.record(z.string(), z.unknown()).optional().describe('JSON Schema of an object') as z.ZodOptional<
    z.ZodType<JsonObject>
  >,
  /** When the call was a success, in words; the answer is yes, no or unknown. */
  success: z.string().trim().max(2_000).default(''),
  /** After this the call is told of without. */
  timeoutMs: z.int().min(1_000).max(120_000).default(30_000),
});

export type AfterCallConfig = z.infer<typeof afterCallSchema>;
