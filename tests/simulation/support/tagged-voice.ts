import { type Clock, RATE_HZ, type SpeechEvent, sleep, type TextToSpeech } from '@rapida/core';

/** The speaking rate the conversation assumes while it does not know the whole sound of a sentence. */
export const MS_PER_CHAR = 66;
const CHUNK_MS = 200;
/** Five times faster than it is heard. */
const CHUNK_MADE_IN_MS = 40;

const FIRST_LEVEL = 2_000;
const LEVEL_STEP = 16;
const TAGS_MAX = 1_800;

/** Makes the sound of one chunk of a piece of speech. */
export type Paint = (tag: number, samples: number, from: number) => Int16Array;

/** A constant level, another one for each piece: a listener on a linear 16 kHz line knows which piece was heard, and how much of it. */
export const paintLevel: Paint = (tag, samples) => new Int16Array(samples).fill(FIRST_LEVEL + LEVEL_STEP * tag);

/** The piece a frame belongs to, undefined where it is faded or another sound. */
export function tagOf(frame: Int16Array): number | undefined {
  const [first = 0, second] = frame;
  const tag = (first - FIRST_LEVEL) / LEVEL_STEP;
  return first === second && Number.isInteger(tag) && tag >= 0 && tag < TAGS_MAX ? tag : undefined;
}

export interface TaggedVoiceOptions {
  readonly provider?: string;
  /** Tags count from here. */
  readonly firstTag?: number;
  readonly ttfbMs?: number;
  readonly msPerChar?: number;
  readonly paint?: Paint;
  /** `ignored`: goes on speaking when it is told to stop, as careless services do. */
  readonly aborts?: 'heeded' | 'ignored';
}

/** A voice whose every piece of speech can be told from every other by its sound. */
export class TaggedVoice implements TextToSpeech {
  readonly provider: string;
  /** What was begun to be spoken, by tag. */
  readonly texts = new Map<number, string>();
  readonly #clock: Clock;
  readonly #options: TaggedVoiceOptions;
  #tag: number;

  constructor(clock: Clock, options: TaggedVoiceOptions = {}) {
    this.provider = options.provider ?? 'tagged';
    this.#clock = clock;
    this.#options = options;
    this.#tag = options.firstTag ?? 0;
  }

  async *speak(pieces: AsyncIterable<string>, _voice: unknown, signal: AbortSignal): AsyncGenerator<SpeechEvent> {
    const { ttfbMs = 80, msPerChar = MS_PER_CHAR, paint = paintLevel, aborts = 'heeded' } = this.#options;
    const heeded = aborts === 'heeded' ? signal : undefined;
    let piece = 0;
    for await (const text of pieces) {
      const tag = this.#tag++;
      this.texts.set(tag, text);
      await sleep(this.#clock, ttfbMs, heeded);
      const total = (text.length * msPerChar * RATE_HZ) / 1000;
      const step = (CHUNK_MS * RATE_HZ) / 1000;
      for (let from = 0; from < total; from += step) {
        if (heeded?.aborted) return;
        yield { type: 'audio', piece, samples: paint(tag, Math.min(step, total - from), from) };
        await sleep(this.#clock, CHUNK_MADE_IN_MS, heeded);
      }
      yield { type: 'piece-end', piece };
      piece++;
    }
  }
}
