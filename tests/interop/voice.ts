import { Resampler } from '@rapida/audio';
import { FRAME_SAMPLES, RATE_HZ, type SpeechToTextStream } from '@rapida/core';
import { createLocalEngines, type LocalEngines } from '@rapida/providers';
import { within } from './wait.js';

const PHONE_RATE_HZ = 8_000;
const RECOGNISE_MS_MAX = 60_000;

/** The voice of the callers and the ear of the suite: engines of its own, apart from those of the server under test. */
export class Voice {
  readonly #engines: LocalEngines = createLocalEngines();
  readonly #spoken = new Map<string, Promise<Int16Array>>();

  /** A text as sound at 8 kHz. `rms` is another voice than the assistant's. */
  say(text: string, voice = 'rms'): Promise<Int16Array> {
    const key = `${voice} ${text}`;
    const known = this.#spoken.get(key) ?? this.#synthesise(text, voice);
    this.#spoken.set(key, known);
    return known;
  }

  /** Which of the sentences was said in the sound (8 kHz); '' where it was none of them. */
  async recognise(samples: Int16Array, sentences: readonly string[]): Promise<string> {
    const stream = this.#engines.stt.open({ language: 'en-US', lineRateHz: PHONE_RATE_HZ }, untilClosed());
    try {
      stream.expect({ kind: 'phrases', phrases: sentences });
      const whole = new Resampler({ fromHz: PHONE_RATE_HZ, toHz: RATE_HZ }).process(samples);
      for (let at = 0; at < whole.length; at += FRAME_SAMPLES) {
        const frame = new Int16Array(FRAME_SAMPLES);
        frame.set(whole.subarray(at, at + FRAME_SAMPLES));
        stream.write({ samples: frame, atMs: (at / RATE_HZ) * 1000 });
      }
      stream.endSegment();
      return await within('recognition', RECOGNISE_MS_MAX, firstFinal(stream));
    } finally {
      stream.close();
    }
  }

  async close(): Promise<void> {
    await this.#engines.close();
  }

  async #synthesise(text: string, voice: string): Promise<Int16Array> {
    const parts: Int16Array[] = [];
    const options = { voice, speed: 1, language: 'en-US' };
    for await (const event of this.#engines.tts.speak(only(text), options, untilClosed())) {
      if (event.type === 'audio') parts.push(event.samples);
    }
    const whole = Int16Array.from(parts.flatMap((part) => [...part]));
    return new Resampler({ fromHz: RATE_HZ, toHz: PHONE_RATE_HZ }).process(whole);
  }
}

/** Nothing is given up on its own: closing the engines ends all. A signal each, because every user adds a listener. */
function untilClosed(): AbortSignal {
  return new AbortController().signal;
}

async function firstFinal(stream: SpeechToTextStream): Promise<string> {
  for await (const transcript of stream) if (transcript.kind === 'final') return transcript.text;
  return '';
}

async function* only(text: string): AsyncGenerator<string> {
  yield text;
}
