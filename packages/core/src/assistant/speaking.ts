import { z } from 'zod';

/** How words are said: for voices that read figures and abbreviations badly, and for names. */
export const speakingSchema = z.strictObject({
  pronunciations: z
    .record(z.string().trim().min(1).max(100), z.string().trim().min(1).max(200))
    .default({})
    .describe('Written form to spoken form, whole words, also several; case does not count'),
  normalise: z
    .enum(['auto', 'on', 'off'])
    .default('auto')
    .describe(
      '`auto`: what the voice is known not to read well is written out; `off`: the text goes to the voice as it is',
    ),
});

export type SpeakingConfig = z.infer<typeof speakingSchema>;
