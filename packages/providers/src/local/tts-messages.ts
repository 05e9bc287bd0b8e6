import type { Utterance } from './flite.js';

export interface ToVoice {
  readonly request: number;
  readonly utterance: Utterance;
}

export type FromVoice =
  | { readonly request: number; readonly type: 'speech'; readonly samples: Int16Array<ArrayBuffer> }
  | { readonly request: number; readonly type: 'failed'; readonly message: string };
