import { z } from 'zod';
import { afterCallSchema } from './after-call.js';
import { dialogueSchema } from './dialogue.js';
import { budgetsSchema, fallbackSchema, fillerSchema } from './fallback.js';
import { modelSchema } from './model.js';
import { realtimeSchema } from './realtime.js';
import { recogniserSchema } from './recogniser.js';
import { speakingSchema } from './speaking.js';
import { toolsSchema } from './tools.js';
import { failureSchema, limitsSchema, resumptionSchema, silenceSchema, transferSchema, turnSchema } from './turn.js';
import { voiceSchema } from './voice.js';
import { identifier, languageSchema, sentence } from './words.js';

/**
 * What an assistant is: the one schema behind the API, `rapida assistants apply`, and the conversation. Every field has
 * a default but the name, so `{"name": "x"}` is an assistant that answers.
 */
export const assistantConfigSchema = z.strictObject({
  name: z.string().trim().min(1).max(100).describe('Unique in the project'),
  language: languageSchema
    .default('en-US')
    .describe('BCP 47; the local recogniser and the local voice have English only'),
  greeting: sentence
    .default('Hello, how can I help you?')
    .describe('Said first; empty: the assistant waits for the caller'),
  instructions: z
    .string()
    .max(50_000)
    .default('You are a friendly assistant on the telephone. Answer in one or two short sentences.')
    .describe('The system prompt of a language model; the rule-based one does not read it'),
  variables: z
    .record(identifier, z.string().max(500))
    .default({})
    .describe('What `{{name}}` in sentences, instructions and tools stands for, where the call brings no other value'),
  stt: recogniserSchema.prefault({}).describe('Recogniser'),
  llm: modelSchema.prefault({}).describe('Language model'),
  tts: voiceSchema.prefault({}).describe('Voice'),
  realtime: realtimeSchema
    .optional()
    .describe('A model that hears and speaks itself: it takes the place of recogniser, model and voice'),
  fallback: fallbackSchema
    .prefault({})
    .describe('Who takes over, inside the turn, when an engine fails or exceeds its budget'),
  budgets: budgetsSchema
    .prefault({})
    .describe(
      'What a stage may take before the next engine of the chain is asked; without a chain `limits.providerMs` decides',
    ),
  filler: fillerSchema
    .prefault({})
    .describe(
      'Said, from a cache, when an answer takes long; one after the other, and not twice in a row in one answer',
    ),
  tools: toolsSchema.prefault({}).describe('What a language model may do'),
  dialogue: dialogueSchema.prefault({}).describe('What the rule-based model (`llm.provider: local`) says'),
  turn: turnSchema.prefault({}).describe('When a turn is over, and when the assistant is interrupted'),
  silence: silenceSchema.prefault({}).describe('What happens when the caller says nothing'),
  limits: limitsSchema.prefault({}).describe('Of the call, and of the patience with engines'),
  failure: failureSchema.prefault({}).describe('What happens when an engine has failed and nobody could take over'),
  resumption: resumptionSchema
    .prefault({})
    .describe('When the call is taken up again because the server that held it had died'),
  transfer: transferSchema.prefault({}).describe('When the caller is handed over'),
  speaking: speakingSchema
    .prefault({})
    .describe('How words are said: for voices that read figures and abbreviations badly, and for names'),
  afterCall: afterCallSchema
    .prefault({})
    .describe('What a language model makes of the transcript when the call has ended. Nothing of it is on by default'),
  recording: z
    .strictObject({ enabled: z.boolean().default(false) })
    .prefault({})
    .describe('Off by default, and costs nothing when off'),
});

export type AssistantConfig = z.infer<typeof assistantConfigSchema>;
export type AssistantConfigInput = z.input<typeof assistantConfigSchema>;
