import type { Clock } from '../clock.js';
import { RATE_HZ } from '../frame.js';
import type { SpeechEvent, SpokenWord, TextToSpeech, VoiceOptions } from '../text-to-speech.js';
import type { ChainLink, EngineChain } from './engine-chain.js';
import { timedTextToSpeech } from './timeouts.js';

export interface VoiceFallbackOptions {
  readonly clock: Clock;
  /** What sound may take while somebody else could be asked. */
  readonly budgetMs: number;
  /** What it may take of the last one. */
  readonly patienceMs: number;
}

/**
 * In the middle of a sentence, also of the last voice: a filler cannot be said into it, so the caller would wait in silence. Sound comes faster
 * than it is heard, so that a voice which is merely slow has more time than this.
 */
export const SOUND_GAP_MS_MAX = 2_000;

/** Where a voice does not tell its words: a fast speaker, so that something is rather said twice than left out. */
const CHARS_PER_SECOND = 13;

/** `inner` with a voice of its own, whatever is asked for: names of voices mean nothing to another vendor. */
export function withOwnVoice(inner: TextToSpeech, own: Pick<VoiceOptions, 'voice' | 'speed'>): TextToSpeech {
  return {
    provider: inner.provider,
    speak: (pieces, voice, signal) => inner.speak(pieces, { ...voice, ...own }, signal),
  };
}

/**
 * The voices of a chain as one. When one fails or exceeds its budget, the next one speaks what was not spoken: from the word at which the
 * sound broke off.
 */
export function fallingBackTextToSpeech(chain: EngineChain<TextToSpeech>, options: VoiceFallbackOptions): TextToSpeech {
  return {
    provider: chain.first.provider,
    speak: (pieces, voice, signal) => speak(chain, options, pieces, voice, signal),
  };
}

async function* speak(
  chain: EngineChain<TextToSpeech>,
  { clock, budgetMs, patienceMs }: VoiceFallbackOptions,
  pieces: AsyncIterable<string>,
  voice: VoiceOptions,
  signal: AbortSignal,
): AsyncGenerator<SpeechEvent, void, undefined> {
  if (signal.aborted) return;
  const tried = new Set<ChainLink<TextToSpeech>>();
  const text = new Unspoken(pieces);
  try {
    for (let link = chain.next(tried); link !== undefined; ) {
      const providerMs = chain.isLast(tried) ? patienceMs : budgetMs;
      const engine = timedTextToSpeech(link.engine, { clock, providerMs, soundGapMs: SOUND_GAP_MS_MAX });
      try {
        const [base, beforeMs] = [text.piece, text.soundMs];
        for await (const event of engine.speak(text.rest(), voice, signal)) yield text.noted(event, base, beforeMs);
        if (!signal.aborted) chain.worked(link);
        return;
      } catch (error) {
        if (signal.aborted || text.hasFailed) throw error;
        const next = chain.next(tried);
        chain.failed(link, error, next);
        if (next === undefined) throw error;
        link = next;
      }
    }
  } finally {
    text.letGo();
  }
}

/** The pieces of text, and how far they were spoken. A piece is kept until its end: a voice may fail after having asked for more. */
class Unspoken {
  readonly #source: AsyncIterator<string>;
  /** From `piece` on. */
  readonly #kept: string[] = [];
  #isOver = false;
  #reading: Promise<void> | undefined;
  #words: SpokenWord[] = [];
  /** The first piece that was not spoken to its end. */
  piece = 0;
  /** Sound of it so far. */
  soundMs = 0;
  /** The text itself failed: no voice is to blame. */
  hasFailed = false;

  constructor(pieces: AsyncIterable<string>) {
    this.#source = pieces[Symbol.asyncIterator]();
  }

  /** What is left to be spoken: the rest of the running piece, then the others as they come. */
  async *rest(): AsyncGenerator<string, void, undefined> {
    const from = this.piece;
    const beforeMs = this.soundMs;
    for (let index = from; ; index++) {
      while (this.#kept[index - this.piece] === undefined) {
        if (this.#isOver) return;
        await this.#read();
      }
      const text = this.#kept[index - this.piece] ?? '';
      yield index === from ? restOf(text, beforeMs, this.#words) : text;
    }
  }

  /** As the reader is to see it: numbers and times counted from the beginning. */
  noted(event: SpeechEvent, base: number, beforeMs: number): SpeechEvent {
    const piece = base + event.piece;
    const offsetMs = event.piece === 0 ? beforeMs : 0;
    if (event.type === 'audio') {
      this.soundMs += (event.samples.length * 1_000) / RATE_HZ;
      return { ...event, piece };
    }
    if (event.type === 'words') {
      const words = event.words.map((word) => ({
        ...word,
        startMs: word.startMs + offsetMs,
        endMs: word.endMs + offsetMs,
      }));
      this.#words.push(...words);
      return { ...event, piece, words };
    }
    this.#kept.shift();
    this.piece++;
    this.soundMs = 0;
    this.#words = [];
    return { ...event, piece };
  }

  /** Not awaited: text that waits for something itself returns when it can. */
  letGo(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#source.return?.().then(undefined, () => {});
  }

  /** One at a time, also where a voice that failed still waits for it. */
  #read(): Promise<void> {
    this.#reading ??= this.#source
      .next()
      .then(
        ({ done, value }) => {
          if (done) this.#isOver = true;
          else this.#kept.push(value);
        },
        (error: unknown) => {
          this.#isOver = true;
          this.hasFailed = true;
          throw error;
        },
      )
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }
}

/** From the word on that was being said when the sound broke off. */
function restOf(text: string, soundMs: number, words: readonly SpokenWord[]): string {
  if (soundMs <= 0) return text;
  const said = words.filter((word) => word.endMs <= soundMs);
  let at = 0;
  if (words.length > 0) {
    for (const { text: word } of said) {
      const found = text.indexOf(word, at);
      if (found >= 0) at = found + word.length;
    }
  } else {
    const chars = Math.floor((soundMs / 1_000) * CHARS_PER_SECOND);
    at = text.lastIndexOf(' ', Math.min(chars, text.length));
  }
  return text.slice(Math.max(0, at)).trimStart();
}
