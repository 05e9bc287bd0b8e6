import { type Clock, type LanguageModel, type ProviderSet, RATE_HZ, sleep, type TextToSpeech } from '@rapida/core';
import { createLoudnessDetector, ScriptedRecogniser } from '@rapida/core/testing';

/** What the stub engines take, and how long an answer sounds. */
export interface StubPlan {
  readonly ttftMs: number;
  readonly ttfbMs: number;
  readonly answerMs: number;
}

/** Engines that cost next to nothing, so that what is measured is ours. One set per call. */
export function createStubEngines(clock: Clock, plan: StubPlan): ProviderSet {
  return {
    stt: new ScriptedRecogniser(clock, UNDERSTOOD),
    llm: createModel(clock, plan.ttftMs),
    tts: createVoice(clock, plan),
    vad: createLoudnessDetector,
  };
}

/** 16 kHz. A whole number of periods for a whole number of 10 ms, so that chunks join without a click. */
export function toneSamples(ms: number): Int16Array {
  return Int16Array.from(
    { length: (RATE_HZ * ms) / 1000 },
    (_, i) => 6000 * Math.sin((2 * Math.PI * 400 * i) / RATE_HZ),
  );
}

/** More than a caller can say within a benchmark. */
const UNDERSTOOD = new Array<string>(1_000).fill('when are you open');
const CHUNK_MS = 200;
const CHUNK = toneSamples(CHUNK_MS);

function createModel(clock: Clock, ttftMs: number): LanguageModel {
  return {
    provider: 'stub',
    async *generate(_request, signal) {
      await sleep(clock, ttftMs, signal);
      signal.throwIfAborted();
      yield { type: 'text', text: 'We are open all day. ' };
    },
  };
}

function createVoice(clock: Clock, { ttfbMs, answerMs }: StubPlan): TextToSpeech {
  return {
    provider: 'stub',
    async *speak(pieces, _voice, signal) {
      let piece = 0;
      for await (const _text of pieces) {
        await sleep(clock, ttfbMs, signal);
        for (let ms = 0; ms < answerMs; ms += CHUNK_MS) {
          signal.throwIfAborted();
          yield { type: 'audio', piece, samples: CHUNK };
        }
        yield { type: 'piece-end', piece };
        piece++;
      }
    },
  };
}
