import { type AudioFrame, RapidaError, type RecogniserOf, type RecognitionHints, type Secret } from '@rapida/core';
import type { CommonParts, CreateRecogniser } from '../vendor.js';
import { AskedEnds } from '../wire/asked-ends.js';
import { type LineEncoding, LineSound } from '../wire/line-sound.js';
import { reachOf, socketUrl } from '../wire/reach.js';
import { type SegmentEvents, SegmentStream, type SegmentWire } from '../wire/segment-stream.js';
import { VENDOR_TIMEOUTS } from '../wire/vendor-http.js';
import { openVendorSession, type VendorMessage, type VendorSession } from '../wire/vendor-session.js';
import { codeOfClosing, streamedError } from './errors.js';
import { ASSEMBLYAI_BASE_URL, assemblyAiHeaders } from './server.js';
import { SoundPieces } from './sound-pieces.js';

/** Of the vendor's own endpointing, in ms: longer than any pause inside a segment. */
const TURN_SILENCE_MS = 5_000;
/** `ForceEndpoint` without words need not be answered; chosen, not measured. */
export const EMPTY_MS = 1_000;
const KEY_TERMS_MAX = 100;
const KEY_TERM_CHARACTERS_MAX = 50;

/**
 * Universal Streaming, `wss://streaming.assemblyai.com/v3/ws`, as https://www.assemblyai.com/docs/streaming/message-sequence and
 * /docs/streaming/updating-configuration-mid-stream describe it (read in the state of 2026). Its own endpointing is put as far off as it
 * goes: a segment ends with `ForceEndpoint`. Formatting is off: the vendor advises voice agents against waiting for it.
 */
export const createRecogniser: CreateRecogniser<'assemblyai'> = (parts, config) => {
  const { baseUrl, apiKey } = reachOf(parts.credential, ASSEMBLYAI_BASE_URL, config.baseUrl);
  const { onDropped = () => {} } = parts;
  return {
    provider: 'assemblyai',
    open: ({ language, lineRateHz }, signal) => {
      const encoding = lineRateHz === 8_000 ? 'ulaw-8000' : 'pcm-16000';
      const url = `${socketUrl(baseUrl)}/ws?${query(config, language, encoding)}`;
      const target = { url, apiKey, encoding, keyTerms: config.keyTerms } as const;
      const openWire = (events: SegmentEvents) => new AssemblyAiWire({ ...parts, onDropped }, target, events);
      return new SegmentStream({ openWire, onDropped }, signal);
    },
  };
};

function query(config: RecogniserOf<'assemblyai'>, language: string, encoding: LineEncoding): URLSearchParams {
  const isUlaw = encoding === 'ulaw-8000';
  const fields = new URLSearchParams({
    speech_model: modelFor(config.model, language),
    sample_rate: isUlaw ? '8000' : '16000',
    encoding: isUlaw ? 'pcm_mulaw' : 'pcm_s16le',
    ...{ format_turns: 'false', end_of_turn_confidence_threshold: '1' },
    ...{ min_turn_silence: String(TURN_SILENCE_MS), max_turn_silence: String(TURN_SILENCE_MS) },
  });
  const terms = termsFor(config.keyTerms, []);
  if (terms.length > 0) fields.set('keyterms_prompt', JSON.stringify(terms));
  return fields;
}

/** The standard model knows English alone; its sister finds out the language by itself. */
function modelFor(model: string, language: string): string {
  const isEnglish = /^en(-|$)/.test(language);
  return model === 'universal-streaming-english' && !isEnglish ? 'universal-streaming-multilingual' : model;
}

/** At most 100 terms of 50 characters are taken; configured ones come first. */
function termsFor(keyTerms: readonly string[], phrases: readonly string[]): readonly string[] {
  const terms = new Set([...keyTerms, ...phrases].filter((term) => term.length <= KEY_TERM_CHARACTERS_MAX));
  return [...terms].slice(0, KEY_TERMS_MAX);
}

interface Target {
  readonly url: string;
  readonly apiKey: Secret | undefined;
  readonly encoding: LineEncoding;
  readonly keyTerms: readonly string[];
}

class AssemblyAiWire implements SegmentWire {
  readonly #target: Target;
  readonly #events: SegmentEvents;
  readonly #session: VendorSession;
  readonly #sound: LineSound;
  readonly #pieces: SoundPieces;
  readonly #ends: AskedEnds;
  /** What was said last about key terms, as JSON. */
  #terms: string;
  #wantedTerms: readonly string[];
  #isReady = false;
  /** Of the newest turn that ended; what comes about it again (formatted) comes too late. */
  #endedTurn = -1;
  /** The running turn has words. */
  #isOpen = false;

  constructor(
    parts: CommonParts & { readonly onDropped: (droppedMs: number) => void },
    target: Target,
    events: SegmentEvents,
  ) {
    const { clock, timeouts } = parts;
    this.#target = target;
    this.#events = events;
    this.#wantedTerms = termsFor(target.keyTerms, []);
    this.#terms = JSON.stringify(this.#wantedTerms);
    this.#sound = new LineSound(target.encoding);
    this.#pieces = new SoundPieces(this.#sound.frameBytes, target.encoding, {
      send: (piece) => this.#session.send(piece),
      onDropped: parts.onDropped,
    });
    this.#ends = new AskedEnds({
      ...{ clock, emptyMs: EMPTY_MS, stallMs: timeouts?.stallMs ?? VENDOR_TIMEOUTS.stallMs },
      mayBeEmpty: () => !this.#isOpen,
      onEnd: () => events.onSegmentEnd(),
      onStalled: (failure) => this.#session.fail(failure),
    });
    const { url, apiKey } = target;
    this.#session = openVendorSession(
      {
        clock,
        url,
        headers: () => assemblyAiHeaders(apiKey),
        ...(timeouts?.answerMs && { openMs: timeouts.answerMs }),
      },
      {
        onMessage: (message) => this.#message(message),
        onFailed: (failure, closeCode) => this.#failed(failure, closeCode),
      },
    );
  }

  audio(frame: AudioFrame): boolean {
    return this.#pieces.push(this.#sound.encode(frame));
  }

  finish(): void {
    this.#pieces.flush();
    this.#session.send({ type: 'ForceEndpoint' });
    this.#ends.ask(this.#pieces.sentMs);
  }

  expect({ phrases }: RecognitionHints): void {
    this.#wantedTerms = termsFor(this.#target.keyTerms, phrases);
    if (this.#isReady) this.#tellTerms();
  }

  /** A session that is not terminated is charged until it expires. */
  close(): void {
    this.#ends.close();
    this.#session.close({ type: 'Terminate' });
  }

  #tellTerms(): void {
    const terms = JSON.stringify(this.#wantedTerms);
    if (terms === this.#terms) return;
    this.#terms = terms;
    this.#session.send({ type: 'UpdateConfiguration', keyterms_prompt: this.#wantedTerms });
  }

  /** Kinds that are not named here say nothing about the text. */
  #message(message: VendorMessage): void {
    if (message.type === 'Turn') this.#turn(message);
    else if (message.type === 'Begin') this.#begin();
    else if (message.type === 'Error') this.#session.fail(streamedError(message, this.#target.apiKey));
  }

  #begin(): void {
    this.#session.ready();
    this.#isReady = true;
    this.#tellTerms();
    this.#events.onReady();
  }

  #turn(message: VendorMessage): void {
    const order = typeof message.turn_order === 'number' ? message.turn_order : this.#endedTurn + 1;
    if (order <= this.#endedTurn) return;
    const words = wordsIn(message);
    if (message.end_of_turn === true) this.#endedTurn = order;
    if (!this.#ends.isWanted(words.at(-1)?.endMs)) return;
    if (message.end_of_turn !== true) {
      this.#isOpen = words.length > 0;
      this.#events.onPartial(words.map(({ text }) => text).join(' '));
      return;
    }
    this.#isOpen = false;
    this.#events.onPart(typeof message.transcript === 'string' ? message.transcript : '');
    this.#ends.answer();
  }

  #failed(failure: RapidaError, closeCode: number | undefined): void {
    this.#ends.close();
    const code = closeCode === undefined ? undefined : codeOfClosing(closeCode);
    this.#events.onFailed(code === undefined ? failure : new RapidaError(code));
  }
}

/** All words of a turn, those that may still change too. */
function wordsIn({ words }: VendorMessage): readonly { readonly text: string; readonly endMs: number }[] {
  if (!Array.isArray(words)) return [];
  return words.flatMap((word: { text?: unknown; end?: unknown } | null) =>
    typeof word?.text === 'string' && typeof word.end === 'number' ? [{ text: word.text, endMs: word.end }] : [],
  );
}
