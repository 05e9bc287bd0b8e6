import { z } from 'zod';
import { sentence } from './words.js';

/** When a turn is over, when the assistant is interrupted, and what happens in silence, at limits and after failures. */
export const turnSchema = z.strictObject({
  endpointingMs: z
    .int()
    .min(100)
    .max(5_000)
    .default(500)
    .describe("Silence after words before the turn is the assistant's"),
  endpointingCompleteMs: z
    .int()
    .min(100)
    .max(5_000)
    .default(300)
    .describe('The same after a sentence that is evidently complete (it ends in . ! or ?)'),
  interruptAfterMs: z
    .int()
    .min(60)
    .max(5_000)
    .default(300)
    .describe('Speech over the assistant shorter than this does not stop it'),
  resumeAfterMs: z
    .int()
    .min(0)
    .max(10_000)
    .default(700)
    .describe('After the caller fell silent again without words, the assistant goes on when this has passed'),
  preRollMs: z
    .int()
    .min(0)
    .max(1_000)
    .default(300)
    .describe('Sound before the detector was sure of speech that is given to the recogniser'),
  dtmfGapMs: z
    .int()
    .min(200)
    .max(10_000)
    .default(1_500)
    .describe('Keys pressed within this time of each other are one answer; `#` ends it at once'),
});

export const silenceSchema = z.strictObject({
  promptAfterMs: z.int().min(1_000).max(120_000).default(8_000).describe('Of silence after the assistant has spoken'),
  prompts: z
    .array(sentence)
    .max(5)
    .default(['Are you still there?', 'I cannot hear you. Are you still there?'])
    .describe('One is said each time the caller stays silent for `promptAfterMs`; after the last the goodbye'),
  goodbye: sentence.default('I will hang up now. Goodbye.'),
});

export const limitsSchema = z.strictObject({
  callMs: z
    .int()
    .min(5_000)
    .max(24 * 3_600_000)
    .default(3_600_000),
  callLimitGoodbye: sentence
    .default('We have reached the time limit of this call. Goodbye.')
    .describe('Said when the limit is reached, before hanging up'),
  serverStopGoodbye: sentence
    .default('I am sorry, I have to end this call now. Please call again. Goodbye.')
    .describe('Said when the server stops and has waited long enough for the end of the call, before hanging up'),
  providerMs: z
    .int()
    .min(500)
    .max(60_000)
    .default(8_000)
    .describe('A recogniser, model or voice that says nothing for this long has failed'),
});

export const failureSchema = z.strictObject({
  say: sentence.default('I am sorry, something is not working on our side.'),
  afterwards: z
    .enum(['continue', 'end'])
    .default('continue')
    .describe('What follows the sentence. A second failure in a row always ends the call'),
});

export const resumptionSchema = z.strictObject({
  say: sentence
    .default('Sorry, I lost you for a moment.')
    .describe('Said instead of the greeting; then what the caller said last is answered, or it is their turn'),
});

export const transferSchema = z.strictObject({
  failed: sentence
    .default('I am sorry, I could not connect you.')
    .describe('Said when the caller could not be handed over and no language model can find words for it'),
});
