import { type AudioFrame, FRAME_MS, type RapidaError, type RecogniserOf, type Secret, type Timer } from '@rapida/core';
import type { CommonParts, CreateRecogniser } from '../vendor.js';
import { AskedEnds } from '../wire/asked-ends.js';
import { type LineEncoding, LineSound } from '../wire/line-sound.js';
import { reachOf, socketUrl } from '../wire/reach.js';
import { type SegmentEvents, SegmentStream, type SegmentWire } from '../wire/segment-stream.js';
import { VENDOR_TIMEOUTS } from '../wire/vendor-http.js';
import { openVendorSession, type VendorMessage, type VendorSession } from '../wire/vendor-session.js';
import { streamedError } from './errors.js';
import { DEEPGRAM_BASE_URL, deepgramHeaders } from './server.js';

/** Deepgram closes after 10 s without sound or this message and asks for it every 3 to 5 s (`NET-0001`). */
export const KEEP_ALIVE_MS = 4_000;
/** `Finalize` is not always answered; chosen, not measured: a text that is due comes in a fraction of it. */
export const EMPTY_MS = 1_000;
/** Interim results come at least as often, of silence too. */
const INTERIM_MS = 1_000;

/**
 * Live streaming, `wss://api.deepgram.com/v1/listen`, as https://developers.deepgram.com/reference/speech-to-text/listen-streaming,
 * /docs/finalize, /docs/audio-keep-alive and /docs/keyterm describe it (read in the state of August 2026). Deepgram's own endpointing is
 * off: a segment ends with `Finalize`. Key terms are given once, in the address; what the dialogue expects cannot be.
 */
export const createRecogniser: CreateRecogniser<'deepgram'> = (parts, config) => {
  const { baseUrl, apiKey } = reachOf(parts.credential, DEEPGRAM_BASE_URL, config.baseUrl);
  return {
    provider: 'deepgram',
    open: ({ language, lineRateHz }, signal) => {
      const encoding = lineRateHz === 8_000 ? 'ulaw-8000' : 'pcm-16000';
      const url = `${socketUrl(baseUrl)}/listen?${query(config, language, encoding)}`;
      const openWire = (events: SegmentEvents) => new DeepgramWire(parts, { url, apiKey, encoding }, events);
      return new SegmentStream({ openWire, onDropped: parts.onDropped ?? (() => {}) }, signal);
    },
  };
};

function query(config: RecogniserOf<'deepgram'>, language: string, encoding: LineEncoding): URLSearchParams {
  const isUlaw = encoding === 'ulaw-8000';
  const fields = new URLSearchParams({
    ...{ model: config.model, language, channels: '1' },
    encoding: isUlaw ? 'mulaw' : 'linear16',
    sample_rate: isUlaw ? '8000' : '16000',
    ...{ interim_results: 'true', endpointing: 'false', punctuate: 'true' },
    smart_format: String(config.smartFormat),
  });
  // Key term prompting came with Nova-3; older models know keywords.
  const name = config.model.startsWith('nova-3') ? 'keyterm' : 'keywords';
  for (const term of config.keyTerms) fields.append(name, term);
  return fields;
}

interface Target {
  readonly url: string;
  readonly apiKey: Secret | undefined;
  readonly encoding: LineEncoding;
}

class DeepgramWire implements SegmentWire {
  readonly #parts: CommonParts;
  readonly #apiKey: Secret | undefined;
  readonly #events: SegmentEvents;
  readonly #session: VendorSession;
  readonly #sound: LineSound;
  readonly #ends: AskedEnds;
  #keepAlive: Timer | undefined;
  #sentMs = 0;
  /** The end of the sound that results have come for. */
  #reachedMs = 0;
  /** An interim result with text has no final one yet. */
  #isOpen = false;

  constructor(parts: CommonParts, { url, apiKey, encoding }: Target, events: SegmentEvents) {
    const { clock, timeouts } = parts;
    this.#parts = parts;
    this.#apiKey = apiKey;
    this.#events = events;
    this.#sound = new LineSound(encoding);
    this.#ends = new AskedEnds({
      ...{ clock, emptyMs: EMPTY_MS, stallMs: timeouts?.stallMs ?? VENDOR_TIMEOUTS.stallMs },
      mayBeEmpty: (fromMs, untilMs) => !this.#isOpen && (this.#reachedMs > fromMs || untilMs - fromMs < INTERIM_MS),
      onEnd: () => events.onSegmentEnd(),
      onStalled: (failure) => this.#session.fail(failure),
    });
    this.#session = openVendorSession(
      { clock, url, headers: () => deepgramHeaders(apiKey), ...(timeouts?.answerMs && { openMs: timeouts.answerMs }) },
      {
        onOpen: () => this.#open(),
        onMessage: (message) => this.#message(message),
        onFailed: (failure) => this.#failed(failure),
      },
    );
  }

  audio(frame: AudioFrame): boolean {
    if (!this.#session.send(this.#sound.encode(frame))) return false;
    this.#sentMs += FRAME_MS;
    return true;
  }

  finish(): void {
    this.#session.send({ type: 'Finalize' });
    this.#ends.ask(this.#sentMs);
  }

  close(): void {
    this.#stop();
    this.#session.close({ type: 'CloseStream' });
  }

  /** There is no greeting: sound is taken from now on. */
  #open(): void {
    this.#session.ready();
    this.#stayAlive();
    this.#events.onReady();
  }

  /** Also while there is sound: it says nothing then, and costs less than to look when the last was sent. */
  #stayAlive(): void {
    this.#keepAlive = this.#parts.clock.setTimer(KEEP_ALIVE_MS, () => {
      this.#session.send({ type: 'KeepAlive' });
      this.#stayAlive();
    });
  }

  /** Metadata, and kinds that came later than this was written, say nothing about the text. */
  #message(message: VendorMessage): void {
    if (message.type === 'Results') this.#results(message);
    else if (message.type === 'Error') this.#session.fail(streamedError(message, this.#apiKey));
  }

  #results(message: VendorMessage): void {
    const untilMs = endMsIn(message);
    if (!this.#ends.isWanted(untilMs)) return;
    this.#reachedMs = Math.max(this.#reachedMs, untilMs ?? 0);
    const text = transcriptIn(message);
    const isFinal = message.is_final === true;
    this.#isOpen = !isFinal && text !== '';
    if (isFinal) this.#events.onPart(text);
    else this.#events.onPartial(text);
    if (message.from_finalize === true) this.#ends.answer();
  }

  #failed(failure: RapidaError): void {
    this.#stop();
    this.#events.onFailed(failure);
  }

  #stop(): void {
    this.#keepAlive?.cancel();
    this.#ends.close();
  }
}

/** Where the sound of a result ends in all that was sent. */
function endMsIn({ start, duration }: VendorMessage): number | undefined {
  return typeof start === 'number' && typeof duration === 'number' ? (start + duration) * 1_000 : undefined;
}

/** The first of `channel.alternatives`; empty where nothing was recognised. */
function transcriptIn(message: VendorMessage): string {
  const channel = message.channel as { alternatives?: readonly { transcript?: unknown }[] } | undefined;
  const transcript = channel?.alternatives?.[0]?.transcript;
  return typeof transcript === 'string' ? transcript : '';
}
