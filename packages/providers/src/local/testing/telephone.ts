import { decodeUlaw, encodeUlaw, noise, Resampler } from '@rapida/audio';
import { FRAME_SAMPLES, RATE_HZ, type SpeechToTextStream, type TextToSpeech, type Transcript } from '@rapida/core';

/** All sound of one sentence. */
export async function speakAll(tts: TextToSpeech, text: string, voice: string): Promise<Int16Array> {
  const chunks: Int16Array[] = [];
  async function* pieces() {
    yield text;
  }
  for await (const event of tts.speak(pieces(), { voice, speed: 1, language: 'en-US' }, new AbortController().signal)) {
    if (event.type === 'audio') chunks.push(event.samples);
  }
  return Int16Array.from(chunks.flatMap((chunk) => [...chunk]));
}

/**
 * As a segment arrives from the telephone: 300 ms of line before the speech and 200 ms after it, a noise floor of
 * -60 dBFS, 8 kHz mu-law and back.
 */
export function throughTelephone(speech: Int16Array, seed = 1): Int16Array {
  const before = (300 * RATE_HZ) / 1000;
  const after = (200 * RATE_HZ) / 1000;
  const ms = Math.ceil(((before + speech.length + after) * 1000) / RATE_HZ);
  const line = noise({ rateHz: RATE_HZ, ms, dbfs: -60, seed });
  for (let i = 0; i < speech.length; i++) line[before + i] = (line[before + i] ?? 0) + (speech[i] ?? 0);
  const narrow = new Resampler({ fromHz: RATE_HZ, toHz: 8_000 }).process(line);
  return new Resampler({ fromHz: 8_000, toHz: RATE_HZ }).process(decodeUlaw(encodeUlaw(narrow)));
}

export function write(stream: SpeechToTextStream, sound: Int16Array): void {
  for (let at = 0; at < sound.length; at += FRAME_SAMPLES) {
    const samples = new Int16Array(FRAME_SAMPLES);
    samples.set(sound.subarray(at, at + FRAME_SAMPLES));
    stream.write({ samples, atMs: (at * 1000) / RATE_HZ });
  }
}

export async function nextFinal(stream: SpeechToTextStream): Promise<Transcript> {
  for await (const transcript of stream) if (transcript.kind === 'final') return transcript;
  throw new Error('the stream ended');
}

/** Writes one segment and waits for its final. */
export function hear(stream: SpeechToTextStream, sound: Int16Array): Promise<Transcript> {
  write(stream, sound);
  stream.endSegment();
  return nextFinal(stream);
}
