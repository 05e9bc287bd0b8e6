import { encodeWav } from '@rapida/audio';
import {
  type AudioFrame,
  FRAME_MS,
  FRAME_SAMPLES,
  linkedAbort,
  NO_HINTS,
  RATE_HZ,
  RapidaError,
  type RecognitionHints,
  type SpeechToTextOptions,
  type SpeechToTextStream,
  type Transcript,
} from '@rapida/core';
import type { CreateRecogniser } from '../vendor.js';
import { protocolError } from '../wire/vendor-errors.js';
import type { VendorHttp } from '../wire/vendor-http.js';
import { serverOf } from './server.js';

/** Of a longer segment the oldest sound is dropped. */
export const SEGMENT_MS_MAX = 60_000;
export const REQUESTS_MAX = 4;
/** Segments whose finals were not read: the stream fails when there are more. */
export const SEGMENTS_OPEN_MAX = 64;
/** OpenAI refuses files shorter than 0.1 s ("Audio file is too short"); no word is. */
export const SEGMENT_MS_MIN = 100;

const SEGMENT_FRAMES_MAX = SEGMENT_MS_MAX / FRAME_MS;
const ANSWER_BYTES_MAX = 1_048_576;
/** Whisper reads the last 224 tokens of a prompt. */
const PROMPT_CHARACTERS_MAX = 800;

/**
 * Recognition by `POST /audio/transcriptions`, one request per segment when it ends: there are no partials. `onDropped`
 * hears of sound that was too much: of segments above `SEGMENT_MS_MAX`, and whole segments that wait for one of the
 * `REQUESTS_MAX` requests while more than `SEGMENT_MS_MAX` of sound waits.
 */
export const createRecogniser: CreateRecogniser<'openai-compatible'> = (parts, { model, baseUrl }) => {
  const { onDropped = () => {} } = parts;
  const engine = { server: serverOf(parts, baseUrl), model, onDropped };
  return {
    provider: 'openai-compatible',
    open: (options, signal) => new SegmentStream(engine, options, signal),
  };
};

interface Engine {
  readonly server: VendorHttp;
  readonly model: string;
  readonly onDropped: (droppedMs: number) => void;
}

interface Segment {
  readonly hints: RecognitionHints;
  /** Let go when the request is made. */
  frames: AudioFrame[];
  state: 'waiting' | 'asked' | 'answered' | 'failed';
  text: string;
  error: unknown;
}

class SegmentStream implements SpeechToTextStream {
  readonly #engine: Engine;
  readonly #language: string;
  readonly #own: { readonly controller: AbortController; readonly unlink: () => void };
  #hints = NO_HINTS;
  #running: Segment | undefined;
  /** Ended segments whose finals were not read, oldest first. */
  readonly #ended: Segment[] = [];
  #requests = 0;
  #changed = makeGate();

  constructor(engine: Engine, options: SpeechToTextOptions, signal: AbortSignal) {
    this.#engine = engine;
    // ISO 639-1, as the API wants it.
    this.#language = options.language.split('-')[0] ?? 'en';
    this.#own = linkedAbort(signal);
    this.#own.controller.signal.addEventListener('abort', () => this.#changed.open(), { once: true });
  }

  write(frame: AudioFrame): void {
    if (this.#isClosed) return;
    this.#running ??= makeSegment(this.#hints);
    const { frames } = this.#running;
    frames.push(frame);
    if (frames.length > SEGMENT_FRAMES_MAX) {
      frames.shift();
      this.#engine.onDropped(FRAME_MS);
    }
  }

  endSegment(): void {
    if (this.#isClosed) return;
    const segment = this.#running ?? makeSegment(this.#hints);
    this.#running = undefined;
    if (this.#ended.length >= SEGMENTS_OPEN_MAX) {
      fail(segment, new RapidaError('provider_timeout', `More than ${SEGMENTS_OPEN_MAX} segments wait for their text`));
    } else if (segment.frames.length * FRAME_MS < SEGMENT_MS_MIN) {
      answer(segment, '');
    }
    if (this.#ended.length <= SEGMENTS_OPEN_MAX) this.#ended.push(segment);
    this.#dropWaiting();
    this.#ask();
    this.#changed.open();
  }

  dropSegment(): void {
    this.#running = undefined;
  }

  expect(hints: RecognitionHints): void {
    this.#hints = hints;
  }

  close(): void {
    this.#own.controller.abort(new DOMException('closed', 'AbortError'));
    this.#own.unlink();
    this.#running = undefined;
    this.#ended.length = 0;
  }

  [Symbol.asyncIterator](): AsyncIterator<Transcript> {
    return { next: () => this.#next() };
  }

  get #isClosed(): boolean {
    return this.#own.controller.signal.aborted;
  }

  async #next(): Promise<IteratorResult<Transcript>> {
    while (!this.#isClosed) {
      const oldest = this.#ended[0];
      if (oldest?.state === 'answered') {
        this.#ended.shift();
        return { done: false, value: { kind: 'final', text: oldest.text } };
      }
      if (oldest?.state === 'failed') {
        this.close();
        throw oldest.error;
      }
      await this.#changed.passed;
      if (!this.#isClosed) this.#changed = makeGate();
    }
    this.close();
    return { done: true, value: undefined };
  }

  /** Sound that waits for a free request is bounded as a whole; the oldest goes first and has an empty final. */
  #dropWaiting(): void {
    const waiting = this.#ended.filter((segment) => segment.state === 'waiting');
    let frames = waiting.reduce((sum, segment) => sum + segment.frames.length, 0);
    for (const segment of waiting.slice(0, -1)) {
      if (frames <= SEGMENT_FRAMES_MAX) return;
      frames -= segment.frames.length;
      this.#engine.onDropped(segment.frames.length * FRAME_MS);
      answer(segment, '');
    }
  }

  #ask(): void {
    for (const segment of this.#ended) {
      // After a failure nothing further will be read.
      if (segment.state === 'failed' || this.#requests >= REQUESTS_MAX) return;
      if (segment.state === 'waiting') void this.#transcribe(segment);
    }
  }

  async #transcribe(segment: Segment): Promise<void> {
    this.#requests++;
    segment.state = 'asked';
    const form = this.#form(segment);
    segment.frames = [];
    try {
      answer(segment, await transcribe(this.#engine.server, form, this.#own.controller.signal));
    } catch (error) {
      fail(segment, error);
    }
    this.#requests--;
    if (!this.#isClosed) this.#ask();
    this.#changed.open();
  }

  #form({ frames, hints }: Segment): FormData {
    const wav = encodeWav({ rateHz: RATE_HZ, channels: [joined(frames)] });
    const form = new FormData();
    form.set('file', new Blob([Buffer.from(wav.buffer)], { type: 'audio/wav' }), 'segment.wav');
    form.set('model', this.#engine.model);
    form.set('language', this.#language);
    form.set('response_format', 'json');
    form.set('temperature', '0');
    const prompt = hints.phrases.join(', ').slice(0, PROMPT_CHARACTERS_MAX);
    if (prompt !== '') form.set('prompt', prompt);
    return form;
  }
}

async function transcribe(server: VendorHttp, form: FormData, signal: AbortSignal): Promise<string> {
  const response = await server.post('/audio/transcriptions', { type: 'form', form }, signal, ANSWER_BYTES_MAX);
  const body = await response.text();
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    throw protocolError('The transcription is not JSON', error);
  }
  const text = (parsed as { text?: unknown } | null)?.text;
  if (typeof text !== 'string') throw protocolError('The transcription has no text');
  return text.trim();
}

function makeSegment(hints: RecognitionHints): Segment {
  return { hints, frames: [], state: 'waiting', text: '', error: undefined };
}

function answer(segment: Segment, text: string): void {
  segment.state = 'answered';
  segment.text = text;
  segment.frames = [];
}

function fail(segment: Segment, error: unknown): void {
  segment.state = 'failed';
  segment.error = error;
  segment.frames = [];
}

function joined(frames: readonly AudioFrame[]): Int16Array {
  const samples = new Int16Array(frames.length * FRAME_SAMPLES);
  for (const [index, frame] of frames.entries()) samples.set(frame.samples, index * FRAME_SAMPLES);
  return samples;
}

function makeGate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}
