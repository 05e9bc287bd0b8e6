import type { Http } from './http.js';
import { type SocketMessage, SocketMessages } from './socket-messages.js';

/** Both lines carry 16-bit samples at this rate. */
export const RATE_HZ = 16_000;
const BYTES_PER_SAMPLE = 2;
/** Sound that waits for a slow consumer; above it the oldest is dropped. */
export const WAITING_MS_MAX = 10_000;

export interface SoundLine {
  readonly http: Http;
  readonly path: string;
  readonly channels: number;
  readonly signal: AbortSignal | undefined;
}

/** Sound: 16 bits, 16 kHz, the channels one after the other in each moment. */
export interface Sound {
  readonly type: 'sound';
  readonly samples: Int16Array;
}

/** Sound that was not taken in time and is lost: here, or on the way. */
export interface DroppedSound {
  readonly type: 'dropped';
  readonly ms: number;
}

export async function openSoundLine({ http, path, channels, signal }: SoundLine): Promise<SocketMessages> {
  return SocketMessages.open({ http, path, soundBytesMax: bytesOf(WAITING_MS_MAX, channels), signal });
}

/** A message of the line: sound, or what is told beside it, to its last message, `ended`. Closes the line. */
export async function* messagesOf<T extends { readonly type: string }>(
  line: SocketMessages,
  { http, channels }: SoundLine,
): AsyncGenerator<T | Sound | DroppedSound, void, undefined> {
  try {
    for (;;) {
      const message = await line.next();
      if (message === undefined) throw http.brokenOff(undefined);
      const told = read<T>(http, message, channels);
      yield told;
      if (told.type === 'ended') return;
    }
  } finally {
    line.close();
  }
}

function read<T>(http: Http, message: SocketMessage, channels: number): T | Sound | DroppedSound {
  switch (message.kind) {
    case 'bytes':
      return { type: 'sound', samples: samplesOf(message.bytes) };
    case 'lost':
      return { type: 'dropped', ms: Math.round(message.bytesLength / bytesOf(1, channels)) };
    case 'text':
      return parsed<T>(http, message.text);
  }
}

function parsed<T>(http: Http, text: string): T {
  try {
    const told = JSON.parse(text) as { readonly type?: unknown } | null;
    if (typeof told?.type === 'string') return told as T;
  } catch {
    // Said below, without its text.
  }
  throw http.failure(200, 'answer_invalid', 'a message of the line is none of ours');
}

/** As they are sent: little endian, whatever this machine is. */
function samplesOf(bytes: Uint8Array): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Int16Array.from({ length: bytes.length / BYTES_PER_SAMPLE }, (_, n) =>
    view.getInt16(n * BYTES_PER_SAMPLE, true),
  );
}

export function bytesFrom(samples: Int16Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(samples.length * BYTES_PER_SAMPLE);
  const view = new DataView(bytes.buffer);
  for (const [n, sample] of samples.entries()) view.setInt16(n * BYTES_PER_SAMPLE, sample, true);
  return bytes;
}

function bytesOf(ms: number, channels: number): number {
  return (ms * RATE_HZ * BYTES_PER_SAMPLE * channels) / 1_000;
}
