import { z } from 'zod';
import { modelSchema } from './model.js';
import { recogniserSchema } from './recogniser.js';
import { voiceSchema } from './voice.js';
import { sentence } from './words.js';

/** Engines of one kind that take over in turn. */
export const FALLBACKS_MAX = 3;

/** Who takes over, inside the turn, when an engine fails or exceeds its budget. */
export const fallbackSchema = z.strictObject({
  stt: z.array(recogniserSchema).max(FALLBACKS_MAX).default([]),
  llm: z.array(modelSchema).max(FALLBACKS_MAX).default([]),
  tts: z.array(voiceSchema).max(FALLBACKS_MAX).default([]),
});

/** What a stage may take before the next engine of the chain is asked; without a chain `limits.providerMs` decides. */
export const budgetsSchema = z.strictObject({
  sttMs: z.int().min(200).max(30_000).default(1_500).describe('From the end of a segment to its final'),
  llmMs: z
    .int()
    .min(200)
    .max(30_000)
    .default(1_500)
    .describe('From the request to the first text or tool call, and between two of them'),
  ttsMs: z
    .int()
    .min(200)
    .max(30_000)
    .default(1_000)
    .describe('From the piece of text to its first sound, and between two pieces of sound'),
});

/** Said, from a cache, when an answer takes long; one after the other, and not twice in a row in one answer. */
export const fillerSchema = z.strictObject({
  afterMs: z.int().min(500).max(10_000).default(1_800).describe("After the end of the caller's turn"),
  phrases: z
    .array(sentence.min(1))
    .max(10)
    .default(['One moment, please.', 'I am still working on it.'])
    .describe('None: nothing is said'),
});

export type FallbackConfig = z.infer<typeof fallbackSchema>;
export type Budgets = z.infer<typeof budgetsSchema>;
