import {
  type AudioFrame,
  FRAME_MS,
  NO_HINTS,
  RapidaError,
  type RecogniserOf,
  type RecognitionHints,
  type Secret,
} from '@rapida/core';
import { streamedError } from '../ai-sdk/errors.js';
import { OPENAI_BASE_URL } from '../openai-compatible/server.js';
import type { CommonParts, CreateRecogniser } from '../vendor.js';
import { AskedEnds } from '../wire/asked-ends.js';
import { LineSound } from '../wire/line-sound.js';
import { reachOf, socketUrl } from '../wire/reach.js';
import { type SegmentEvents, SegmentStream, type SegmentWire } from '../wire/segment-stream.js';
import { VENDOR_TIMEOUTS } from '../wire/vendor-http.js';
import { openVendorSession, type VendorMessage, type VendorSession } from '../wire/vendor-session.js';
import { bearer } from '../wire/vendor-socket.js';
import { Commits } from './commits.js';
import { type SessionWish, sessionUpdate } from './transcription-session.js';

/** A commit of less is refused (`input_audio_buffer_commit_empty`); no word is shorter. */
export const COMMIT_MS_MIN = 100;

/**
 * Transcription sessions of the Realtime API, `wss://api.openai.com/v1/realtime?intent=transcription`, in the shape of general
 * availability, as https://developers.openai.com/api/docs/guides/realtime-transcription and the reference of client and server events
 * describe it (read in the state of August 2026). Turn detection is off: a segment ends with `input_audio_buffer.commit`.
 */
export const createRecogniser: CreateRecogniser<'openai'> = (parts, config) => {
  const { baseUrl, apiKey } = reachOf(parts.credential, OPENAI_BASE_URL, config.baseUrl);
  return {
    provider: 'openai',
    open: ({ language, lineRateHz }, signal) => {
      const url = `${socketUrl(baseUrl)}/realtime?intent=transcription`;
      const target = { url, apiKey, config, language, isNarrow: lineRateHz === 8_000 };
      const openWire = (events: SegmentEvents) => new OpenAiWire(parts, target, events);
      return new SegmentStream({ openWire, onDropped: parts.onDropped ?? (() => {}) }, signal);
    },
  };
};

interface Target {
  readonly url: string;
  readonly apiKey: Secret | undefined;
  readonly config: RecogniserOf<'openai'>;
  readonly language: string;
  readonly isNarrow: boolean;
}

class OpenAiWire implements SegmentWire {
  readonly #target: Target;
  readonly #events: SegmentEvents;
  readonly #session: VendorSession;
  readonly #sound: LineSound;
  readonly #commits: Commits;
  readonly #ends: AskedEnds;
  #hints = NO_HINTS;
  /** The update that was sent last, as JSON. */
  #update = '';
  #isReady = false;
  /** In the vendor's buffer: not committed. */
  #bufferedMs = 0;

  constructor(parts: CommonParts, target: Target, events: SegmentEvents) {
    const { clock, timeouts } = parts;
    this.#target = target;
    this.#events = events;
    this.#sound = new LineSound(target.isNarrow ? 'ulaw-8000' : 'pcm-24000');
    this.#ends = new AskedEnds({
      ...{ clock, stallMs: timeouts?.stallMs ?? VENDOR_TIMEOUTS.stallMs },
      onEnd: () => events.onSegmentEnd(),
      onStalled: (failure) => this.#session.fail(failure),
    });
    this.#commits = new Commits({
      onPartial: (text) => events.onPartial(text),
      onDone: (text) => {
        events.onPart(text);
        this.#ends.answer();
      },
    });
    const { url, apiKey } = target;
    this.#session = openVendorSession(
      { clock, url, headers: () => bearer(apiKey), ...(timeouts?.answerMs && { openMs: timeouts.answerMs }) },
      {
        onOpen: () => this.#configure(),
        onMessage: (message) => this.#message(message),
        onFailed: (failure) => {
          this.#ends.close();
          events.onFailed(failure);
        },
      },
    );
  }

  audio(frame: AudioFrame): boolean {
    const { buffer, byteOffset, byteLength } = this.#sound.encode(frame);
    const audio = Buffer.from(buffer, byteOffset, byteLength).toString('base64');
    if (!this.#session.send(`{"type":"input_audio_buffer.append","audio":"${audio}"}`)) return false;
    this.#bufferedMs += FRAME_MS;
    return true;
  }

  finish(): void {
    this.#ends.ask(0);
    if (this.#bufferedMs < COMMIT_MS_MIN) {
      this.drop();
      this.#commits.addEmpty();
      return;
    }
    this.#bufferedMs = 0;
    this.#session.send({ type: 'input_audio_buffer.commit', event_id: this.#commits.add() });
  }

  drop(): void {
    this.#bufferedMs = 0;
    this.#session.send({ type: 'input_audio_buffer.clear' });
  }

  expect(hints: RecognitionHints): void {
    this.#hints = hints;
    if (this.#isReady) this.#configure();
  }

  close(): void {
    this.#ends.close();
    this.#session.close();
  }

  #configure(): void {
    const { config, language, isNarrow } = this.#target;
    const { model } = config;
    const wish: SessionWish = { model, language, isNarrow, terms: [...config.keyTerms, ...this.#hints.phrases] };
    const update = JSON.stringify(sessionUpdate(wish));
    if (update === this.#update) return;
    this.#update = update;
    this.#session.send(update);
  }

  /** Kinds that are not named here say nothing about the text. */
  #message(message: VendorMessage): void {
    switch (message.type) {
      case 'session.updated':
        return this.#ready();
      case 'input_audio_buffer.committed':
        return this.#commits.named(message.item_id);
      case 'conversation.item.input_audio_transcription.delta':
        return this.#commits.delta(message.item_id, message.delta);
      case 'conversation.item.input_audio_transcription.completed':
        return this.#commits.completed(message.item_id, message.transcript);
      case 'conversation.item.input_audio_transcription.failed':
      case 'error':
        return this.#error(message.error);
    }
  }

  #ready(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#session.ready();
    // What was expected while the session began.
    this.#configure();
    this.#events.onReady();
  }

  #error(error: unknown): void {
    const fields = (error ?? {}) as { code?: unknown; event_id?: unknown };
    if (fields.code === 'input_audio_buffer_commit_empty' && this.#commits.refused(fields.event_id)) return;
    if (fields.code === 'session_expired') {
      // An hour is over; another session may follow.
      this.#session.fail(new RapidaError('provider_unavailable', 'The session has expired'));
    } else this.#session.fail(streamedError(fields, this.#target.apiKey));
  }
}
