import { RATE_HZ, RapidaError, type SpeechEvent, type SpokenWord, type TextToSpeech } from '@rapida/core';

/** What tests of voices ask of what was spoken. */

export const FAKE_KEY = 'fake-key-0123456789';
export const ANSWER_MS = 4_000;
export const STALL_MS = 2_000;

export async function* textOf(...pieces: readonly string[]): AsyncGenerator<string, void, undefined> {
  yield* pieces;
}

export interface Speaker {
  readonly tts: TextToSpeech;
  readonly voice: { readonly voice: string; readonly speed: number; readonly language: string };
}

export function speak({ tts, voice }: Speaker, pieces: readonly string[]): AsyncIterator<SpeechEvent> {
  return tts.speak(textOf(...pieces), voice, new AbortController().signal)[Symbol.asyncIterator]();
}

export async function collect(events: AsyncIterator<SpeechEvent>): Promise<SpeechEvent[]> {
  const all: SpeechEvent[] = [];
  for (let result = await events.next(); !result.done; result = await events.next()) all.push(result.value);
  return all;
}

export function samplesOf(events: readonly SpeechEvent[], piece = 0): number[] {
  return events.flatMap((event) => (event.type === 'audio' && event.piece === piece ? [...event.samples] : []));
}

export function soundMsOf(events: readonly SpeechEvent[], piece = 0): number {
  return (samplesOf(events, piece).length * 1_000) / RATE_HZ;
}

export function wordsOf(events: readonly SpeechEvent[], piece = 0): SpokenWord[] {
  return events.flatMap((event) => (event.type === 'words' && event.piece === piece ? event.words : []));
}

/** What the speaking fails with; it has to fail, and with an error of ours. */
export async function failureOf(events: AsyncIterator<SpeechEvent>): Promise<RapidaError> {
  const thrown: unknown = await collect(events).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof RapidaError) return thrown;
  throw new Error(`did not fail with an error of ours, but with ${String(thrown)}`);
}
