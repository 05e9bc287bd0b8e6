import type { Dialogue, Intent, Json } from '@rapida/core';
import { z } from 'zod';

/** What the rule-based model is in the middle of. */
const memoSchema = z.object({
  /** Name of the intent whose question is open. */
  intent: z.string().optional(),
  /** Which of its slots is asked for; the number of slots while it asks to confirm. */
  slot: z.int().min(0).default(0),
  values: z.record(z.string(), z.string()).default({}),
  /** Turns not understood in a row. */
  misses: z.int().min(0).default(0),
  /** The answer before, to go on from where it was stopped. */
  said: z.string().default(''),
});

export type DialogueMemo = z.infer<typeof memoSchema>;
export type Slot = Intent['collect'][number];

export type Question =
  | { readonly type: 'slot'; readonly intent: Intent; readonly slot: Slot }
  | { readonly type: 'confirm'; readonly intent: Intent };

/** Whatever is not a memo of ours (null at the start, one of another model) is the beginning of a dialogue. */
export function readMemo(memo: Json): DialogueMemo {
  const read = memoSchema.safeParse(memo ?? {});
  return read.success ? read.data : memoSchema.parse({});
}

/** What the caller was asked, if the dialogue still has that question. */
export function openQuestion(dialogue: Dialogue, memo: DialogueMemo): Question | undefined {
  const intent = dialogue.intents.find(({ name }) => name === memo.intent);
  if (intent === undefined) return undefined;
  const slot = intent.collect[memo.slot];
  if (slot !== undefined) return { type: 'slot', intent, slot };
  return intent.confirm === undefined ? undefined : { type: 'confirm', intent };
}
