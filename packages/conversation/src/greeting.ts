import type { AssistantConfig, TextToSpeech } from '@rapida/core';
import { FRAME_SAMPLES, RATE_HZ } from '@rapida/core';

/** The greeting as sound, ready before media connects. Shared between calls: nobody writes to the samples. */
export interface RenderedGreeting {
  readonly text: string;
  readonly samples: Int16Array;
}

/** Longer greetings are spoken live: this bounds what a registered call holds (30 s at 16 kHz is under 1 MB). */
export const RENDERED_GREETING_MS_MAX = 30_000;

/** Synthesises a greeting whole; undefined where there is none or it is too long. Fails as the voice fails. */
export async function renderGreeting(
  text: string,
  tts: TextToSpeech,
  config: AssistantConfig,
  signal: AbortSignal,
): Promise<RenderedGreeting | undefined> {
  if (text.trim() === '') return undefined;
  const parts: Int16Array[] = [];
  let length = 0;
  const voice = { voice: config.tts.voice, speed: config.tts.speed, language: config.language };
  for await (const event of tts.speak(onePiece(text), voice, signal)) {
    if (event.type !== 'audio') continue;
    length += event.samples.length;
    if (length > (RENDERED_GREETING_MS_MAX * RATE_HZ) / 1000) return undefined;
    parts.push(event.samples);
  }
  const samples = new Int16Array(Math.ceil(length / FRAME_SAMPLES) * FRAME_SAMPLES);
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  return { text, samples };
}

async function* onePiece(text: string): AsyncGenerator<string> {
  yield text;
}
