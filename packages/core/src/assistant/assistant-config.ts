import { z } from 'zod';
import { afterCallSchema } from './after-call.js';
import { dialogueSchema } from './dialogue.js';
import { budgetsSchema, fallbackSchema, fillerSchema } from './fallback.js';
import { modelSchema } from './model.js';
import { realtimeSchema } from './realtime.js';
import { recogniserSchema } from './recogniser.js';
import { speakingSchema } from './speaking.js';
import { toolsSchema } from './tools.js';
import { failureSchema, limitsSchema, silenceSchema, transferSchema, turnSchema } from './turn.js';
import { voiceSchema } from './voice.js';
import { identifier, languageSchema, sentence } from './words.js';

/**
 * What an assistant is: the one schema behind the API, `rapida assistants apply`, and the conversation. Every field has
 * a default but the name, so `{"name": "x"}` is an assistant that answers.
 */
export const assistantConfigSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  language: languageSchema.default('en-US'),
  /** Said first; empty: the assistant waits for the caller. */
  greeting: sentence.default('Hello, how can I help you?'),
  /** The system prompt of a language model; the rule-based one does not read it. */
  instructions: z
    .string()
    .max(50_000)
    .default('You are a friendly assistant on the telephone. Answer in one or two short sentences.'),
  variables: z.record(identifier, z.string().max(500)).default({}),
  stt: recogniserSchema.prefault({}),
  llm: modelSchema.prefault({}),
  tts: voiceSchema.prefault({}),
  realtime: realtimeSchema.optional(),
  fallback: fallbackSchema.prefault({}),
  budgets: budgetsSchema.prefault({}),
  filler: fillerSchema.prefault({}),
  tools: toolsSchema.prefault({}),
  dialogue: dialogueSchema.prefault({}),
  turn: turnSchema.prefault({}),
  silence: silenceSchema.prefault({}),
  limits: limitsSchema.prefault({}),
  failure: failureSchema.prefault({}),
  transfer: transferSchema.prefault({}),
  speaking: speakingSchema.prefault({}),
  afterCall: afterCallSchema.prefault({}),
  /** Off by default, and costs nothing when off. */
  recording: z.strictObject({ enabled: z.boolean().default(false) }).prefault({}),
});

export type AssistantConfig = z.infer<typeof assistantConfigSchema>;
export type AssistantConfigInput = z.input<typeof assistantConfigSchema>;
