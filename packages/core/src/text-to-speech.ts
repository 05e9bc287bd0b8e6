/** Speech from text. One attempt; a failure is a `RapidaError` thrown from the iterator. */
export interface TextToSpeech {
  readonly provider: string;
  /**
   * Speaks pieces of text (a sentence or clause each, in order) as they become available. Yields sound of piece 0, then
   * of piece 1 and so on; each piece ends with a `piece-end`. Aborting `signal` ends the request at the provider too.
   */
  speak(pieces: AsyncIterable<string>, voice: VoiceOptions, signal: AbortSignal): AsyncIterable<SpeechEvent>;
}

export interface VoiceOptions {
  readonly voice: string;
  /** 1 is the voice's own speed. */
  readonly speed: number;
  readonly language: string;
}

export type SpeechEvent =
  /** 16 kHz mono, any length. The receiver owns the samples. */
  | { readonly type: 'audio'; readonly piece: number; readonly samples: Int16Array }
  /** Where words of the piece begin, ms from the piece's start, when the provider knows. */
  | { readonly type: 'words'; readonly piece: number; readonly words: readonly SpokenWord[] }
  | { readonly type: 'piece-end'; readonly piece: number };

export interface SpokenWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}
