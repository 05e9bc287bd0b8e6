import { z } from 'zod';
import { isEntityId } from './ids.js';

/**
 * What an assistant is: the one schema behind the API, `rapida assistants apply`, and the conversation. Every field has
 * a default but the name, so `{"name": "x"}` is an assistant that answers.
 */
const sentence = z.string().trim().max(2_000);
const providerName = z.enum(['local', 'openai-compatible']);

export const credentialIdSchema = z.string().refine(isEntityId, 'must be the id of a credential');

const openAiServer = {
  /** Of this provider, from the vault; without it the server's own key and address. */
  credentialId: credentialIdSchema.optional(),
  /** Without it: OPENAI_BASE_URL, then OpenAI itself. */
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
};

const sttSchema = z.strictObject({
  provider: providerName.default('local'),
  model: z.string().max(200).default('whisper-1').describe('openai-compatible only'),
  ...openAiServer,
});

const llmSchema = z.strictObject({
  provider: providerName.default('local'),
  model: z.string().max(200).default('gpt-4o-mini').describe('openai-compatible only'),
  temperature: z.number().min(0).max(2).default(0.4),
  maxOutputTokens: z.int().min(16).max(8_192).default(400),
  ...openAiServer,
});

const ttsSchema = z.strictObject({
  provider: providerName.default('local'),
  model: z.string().max(200).default('tts-1').describe('openai-compatible only'),
  voice: z.string().max(200).default('slt').describe('local: slt, rms or awb; otherwise a voice of the provider'),
  speed: z.number().min(0.5).max(2).default(1),
  ...openAiServer,
});

const slotSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
  kind: z.enum(['digits', 'yes_no']).default('digits'),
  prompt: sentence,
  digitsMin: z.int().min(1).max(20).default(3),
  digitsMax: z.int().min(1).max(20).default(15),
});

const actionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('end_call') }),
  z.strictObject({
    type: z.literal('transfer'),
    target: z.string().max(200).describe('context,exten,priority; must be on the allow-list'),
  }),
]);

const intentSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
  /** What a caller may say, whole sentences as spoken, digits in words. */
  phrases: z.array(z.string().trim().min(1).max(120)).min(1).max(50),
  /** Asked one after the other before the reply. */
  collect: z.array(slotSchema).max(5).default([]),
  /** Read back after collecting; a "no" starts the collecting again. */
  confirm: sentence.optional(),
  /** `{{name}}` is replaced by a slot or a variable. */
  reply: sentence,
  action: actionSchema.optional(),
});

/** What the rule-based model (`llm.provider: local`) says. */
const dialogueSchema = z.strictObject({
  intents: z.array(intentSchema).max(60).default([]),
  notUnderstood: z
    .array(sentence)
    .min(1)
    .max(5)
    .default([
      'Sorry, I did not understand that. Could you say it in other words?',
      'Sorry, I still did not get that.',
    ]),
  /** Said with the last `notUnderstood` in a row, to tell what can be asked. */
  help: sentence.default(''),
});

const turnSchema = z.strictObject({
  /** Silence after words before the turn is the assistant's. */
  endpointingMs: z.int().min(100).max(5_000).default(500),
  /** The same after a sentence that is evidently complete (it ends in . ! or ?). */
  endpointingCompleteMs: z.int().min(100).max(5_000).default(300),
  /** Speech over the assistant shorter than this does not stop it. */
  interruptAfterMs: z.int().min(60).max(5_000).default(300),
  /** After the caller fell silent again without words, the assistant goes on when this has passed. */
  resumeAfterMs: z.int().min(0).max(10_000).default(700),
  /** Sound before the detector was sure of speech that is given to the recogniser. */
  preRollMs: z.int().min(0).max(1_000).default(300),
  /** Keys pressed within this time of each other are one answer; `#` ends it at once. */
  dtmfGapMs: z.int().min(200).max(10_000).default(1_500),
});

const silenceSchema = z.strictObject({
  promptAfterMs: z.int().min(1_000).max(120_000).default(8_000),
  /** One is said each time the caller stays silent for `promptAfterMs`; after the last the goodbye. */
  prompts: z.array(sentence).max(5).default(['Are you still there?', 'I cannot hear you. Are you still there?']),
  goodbye: sentence.default('I will hang up now. Goodbye.'),
});

const limitsSchema = z.strictObject({
  callMs: z
    .int()
    .min(5_000)
    .max(24 * 3_600_000)
    .default(3_600_000),
  /** Said when the limit is reached, before hanging up. */
  callLimitGoodbye: sentence.default('We have reached the time limit of this call. Goodbye.'),
  /** A recogniser, model or voice that says nothing for this long has failed. */
  providerMs: z.int().min(500).max(60_000).default(8_000),
});

const failureSchema = z.strictObject({
  say: sentence.default('I am sorry, something is not working on our side.'),
  /** What follows the sentence. A second failure in a row always ends the call. */
  afterwards: z.enum(['continue', 'end']).default('continue'),
});

const transferSchema = z.strictObject({
  /** Said when the caller could not be handed over and no language model can find words for it. */
  failed: sentence.default('I am sorry, I could not connect you.'),
});

export const assistantConfigSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
    .default('en-US'),
  /** Said first; empty: the assistant waits for the caller. */
  greeting: sentence.default('Hello, how can I help you?'),
  /** The system prompt of a language model; the rule-based one does not read it. */
  instructions: z
    .string()
    .max(50_000)
    .default('You are a friendly assistant on the telephone. Answer in one or two short sentences.'),
  variables: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/), z.string().max(500)).default({}),
  stt: sttSchema.prefault({}),
  llm: llmSchema.prefault({}),
  tts: ttsSchema.prefault({}),
  dialogue: dialogueSchema.prefault({}),
  turn: turnSchema.prefault({}),
  silence: silenceSchema.prefault({}),
  limits: limitsSchema.prefault({}),
  failure: failureSchema.prefault({}),
  transfer: transferSchema.prefault({}),
  /** Off by default, and costs nothing when off. */
  recording: z.strictObject({ enabled: z.boolean().default(false) }).prefault({}),
});

export type AssistantConfig = z.infer<typeof assistantConfigSchema>;
export type AssistantConfigInput = z.input<typeof assistantConfigSchema>;
export type Dialogue = AssistantConfig['dialogue'];
export type Intent = Dialogue['intents'][number];
