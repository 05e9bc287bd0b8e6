import { tone } from '@rapida/audio';
import { FRAME_SAMPLES, RapidaError, type SpeechToTextStream, type Transcript } from '@rapida/core';

/** Writes a tone of `ms`, frame by frame. */
export function say(stream: SpeechToTextStream, ms: number): void {
  const sound = tone({ hz: 440, rateHz: 16_000, ms, dbfs: -12 });
  for (let start = 0; start < sound.length; start += FRAME_SAMPLES) {
    stream.write({ samples: sound.slice(start, start + FRAME_SAMPLES), atMs: start / 16 });
  }
}

export async function nextOf(stream: SpeechToTextStream): Promise<Transcript | 'end'> {
  const result = await stream[Symbol.asyncIterator]().next();
  return result.done ? 'end' : result.value;
}

/** The text of the next final; `end` where there is none. */
export async function nextFinal(stream: SpeechToTextStream): Promise<string> {
  for (;;) {
    const value = await nextOf(stream);
    if (value === 'end') return 'end';
    if (value.kind === 'final') return value.text;
  }
}

/** Reads until the stream fails; with one of ours. */
export async function failureOf(stream: SpeechToTextStream): Promise<RapidaError> {
  try {
    while ((await nextOf(stream)) !== 'end');
  } catch (error) {
    if (error instanceof RapidaError) return error;
    throw error;
  }
  throw new Error('the stream ended without a failure');
}
