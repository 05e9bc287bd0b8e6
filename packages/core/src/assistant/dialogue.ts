import { z } from 'zod';
import { identifier, sentence } from './words.js';

const slotSchema = z.strictObject({
  name: identifier,
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
  name: identifier,
  phrases: z
    .array(z.string().trim().min(1).max(120))
    .min(1)
    .max(50)
    .describe('What a caller may say, whole sentences as spoken, digits in words'),
  collect: z.array(slotSchema).max(5).default([]).describe('Asked one after the other before the reply'),
  confirm: sentence.optional().describe('Read back after collecting; a "no" starts the collecting again'),
  reply: sentence.describe('`{{name}}` is replaced by a slot or a variable'),
  action: actionSchema.optional(),
});

/** What the rule-based model (`llm.provider: local`) says. */
export const dialogueSchema = z.strictObject({
  intents: z.array(intentSchema).max(60).default([]),
  notUnderstood: z
    .array(sentence)
    .min(1)
    .max(5)
    .default([
      'Sorry, I did not understand that. Could you say it in other words?',
      'Sorry, I still did not get that.',
    ]),
  help: sentence.default('').describe('Said with the last `notUnderstood` in a row, to tell what can be asked'),
});

export type Dialogue = z.infer<typeof dialogueSchema>;
export type Intent = Dialogue['intents'][number];
