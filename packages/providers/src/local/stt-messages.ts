import type { RecognitionHints } from '@rapida/core';

/** To the recogniser's thread. Everything of one stream is handled in order. */
export type ToRecogniser =
  /** 16 kHz mono; the buffer is transferred. */
  | { readonly type: 'audio'; readonly stream: number; readonly samples: Int16Array }
  | { readonly type: 'end' | 'drop' | 'close'; readonly stream: number }
  | { readonly type: 'expect'; readonly stream: number; readonly hints: RecognitionHints }
  | { readonly type: 'words'; readonly request: number; readonly words: readonly string[] };

export type FromRecogniser =
  /** One `audio` message was taken in. */
  | { readonly type: 'taken'; readonly stream: number }
  | { readonly type: 'partial'; readonly stream: number; readonly text: string }
  | { readonly type: 'final'; readonly stream: number; readonly text: string; readonly rejected: boolean }
  /** Audio of a segment longer than the recogniser keeps. */
  | { readonly type: 'dropped'; readonly stream: number; readonly ms: number }
  | { readonly type: 'unknown-words'; readonly request: number; readonly words: readonly string[] };
