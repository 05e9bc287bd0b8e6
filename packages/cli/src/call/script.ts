/** What the caller of `rapida call` does, one step after the other. */
export type CallStep =
  /** Once the assistant has spoken and is silent. */
  | { readonly kind: 'say'; readonly text: string }
  /** Into what the assistant is saying, this long after it began. */
  | { readonly kind: 'interrupt'; readonly text: string; readonly afterMs: number }
  /** Once the assistant is silent: sound from a file, 8 kHz mono. */
  | { readonly kind: 'play'; readonly name: string; readonly samples: Int16Array }
  | { readonly kind: 'keys'; readonly digits: string }
  | { readonly kind: 'wait'; readonly ms: number };

export const INTERRUPT_AFTER_MS = 1_200;
