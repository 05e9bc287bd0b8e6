import type { Clock } from './clock.js';

export interface SilenceLimit {
  readonly clock: Clock;
  readonly silenceMsMax: number;
  /** What is thrown where nothing arrived for so long. */
  readonly onSilence: () => Error;
}

/**
 * The bytes of a body as they arrive. Time counts only while they are waited for: a consumer may be as slow as it likes, the
 * sender is held back meanwhile. Leaving the loop gives the connection up.
 */
export async function* chunksOf(
  body: ReadableStream<Uint8Array> | null,
  limit?: SilenceLimit,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await (limit === undefined ? reader.read() : readInTime(reader, limit));
      if (done) return;
      yield value;
    }
  } finally {
    // Of a body that was read to its end, or that failed, nothing is left to cancel.
    reader.cancel().catch(() => {});
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function readInTime(reader: Reader, { clock, silenceMsMax, onSilence }: SilenceLimit) {
  let timer: { cancel(): void } | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = clock.setTimer(silenceMsMax, () => reject(onSilence()));
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } finally {
    timer?.cancel();
  }
}

/** The whole of it; undefined where it is longer. */
export async function wholeBody(
  chunks: AsyncIterable<Uint8Array>,
  bytesMax: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > bytesMax) return undefined;
    parts.push(chunk);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
