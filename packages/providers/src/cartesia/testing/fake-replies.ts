import { pcm16ToBytes, tone } from '@rapida/audio';
import type { FakeOrder } from './fake-cartesia.js';

/** What the fake says to one generation. */
export interface FakeReply {
  /** Objects as JSON, texts as they are. */
  readonly messages: (order: FakeOrder) => readonly (object | string)[];
  /** The answer waits for this. */
  readonly after?: Promise<unknown>;
  readonly ending?: 'disconnect';
  /** Messages are sent in frames of this size. */
  readonly fragmentBytes?: number;
}

export interface FakeSpeech {
  readonly soundMs?: number;
  readonly chunkBytes?: number;
}

/** 1 kHz, 6 dB below full scale; the words evenly over it, told after the first chunk; then `done`. */
export function speech({ soundMs = 500, chunkBytes = 5_001 }: FakeSpeech = {}): FakeReply['messages'] {
  return (order) => {
    const bytes = Buffer.from(pcm16ToBytes(tone({ hz: 1_000, rateHz: 16_000, ms: soundMs, dbfs: -6 })));
    const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
      chunkEvent(order, bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes)),
    );
    const words = order.transcript.split(' ');
    const each = soundMs / 1_000 / words.length;
    const timed = words.map((word, index) => [word, index * each] as const);
    return [...chunks.slice(0, 1), wordsEvent(order, timed, each), ...chunks.slice(1), doneEvent(order)];
  };
}

/** Sound without an end. */
export function halfSpeech(): FakeReply['messages'] {
  return (order) => speech()(order).slice(0, 2);
}

export function chunkEvent(order: FakeOrder, sound: Uint8Array): object {
  return { ...of(order, 'chunk', false), data: Buffer.from(sound).toString('base64'), step_time: 12 };
}

/** Words with the second each begins at; each lasts `lastsS`. */
export function wordsEvent(order: FakeOrder, timed: readonly (readonly [string, number])[], lastsS = 0.1): object {
  const words = timed.map(([word]) => word);
  const start = timed.map(([, second]) => second);
  const end = start.map((second) => second + lastsS);
  return { ...of(order, 'timestamps', false), word_timestamps: { words, start, end } };
}

export function doneEvent(order: FakeOrder): object {
  return of(order, 'done', true);
}

export function errorEvent(order: FakeOrder, status: number, message: string): object {
  return {
    ...{ type: 'error', done: true, status_code: status, title: 'Not done', message },
    ...{ error_code: null, request_id: 'a1', context_id: order.context_id },
  };
}

function of(order: FakeOrder, type: string, done: boolean) {
  return { type, done, status_code: 206, context_id: order.context_id };
}
