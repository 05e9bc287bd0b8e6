import {
  type AudioFrame,
  FRAME_MS,
  NO_HINTS,
  RapidaError,
  type RecognitionHints,
  type SpeechToTextOptions,
  type Timer,
} from '@rapida/core';
import type { CreateRecogniser, VendorParts } from '../vendor.js';
import { LineSound } from '../wire/line-sound.js';
import { socketUrl } from '../wire/reach.js';
import { type SegmentEvents, SegmentStream, type SegmentWire, WAITING_MS_MAX } from '../wire/segment-stream.js';
import { protocolError } from '../wire/vendor-errors.js';
import { VENDOR_TIMEOUTS } from '../wire/vendor-http.js';
import { phraseFailure } from './errors.js';
import type { ServiceMessage } from './messages.js';
import { speechUrlOf } from './server.js';
import { type Turn, TurnConnection } from './turn-connection.js';

/** What a list of phrases holds, as the documentation of phrase lists says. */
export const PHRASES_MAX = 500;
/** As long as it goes: our own detector cuts segments, Azure shall not. */
const SILENCE_MS = 5_000;

/**
 * Recognition over the Speech service's WebSocket protocol in its conversation mode, as Microsoft's "Speech Service WebSocket protocol" (2017,
 * the last that was published) and the Speech SDK for JavaScript (github.com/microsoft/cognitive-services-speech-sdk-js, July 2026) have it. One turn
 * per segment on a connection that is kept: sound without a body ends a turn, which brings its last phrase at once and then `turn.end`. A turn
 * begins only when the one before it is over - Azure would throw away what is left of that - so sound waits here for as long.
 */
export const createRecogniser: CreateRecogniser<'azure-speech'> = (parts, { keyTerms }) => ({
  provider: 'azure-speech',
  open: (options, signal) => {
    const openWire = (events: SegmentEvents) => new AzureWire(parts, { ...options, keyTerms }, events);
    return new SegmentStream({ openWire, onDropped: parts.onDropped ?? (() => {}) }, signal);
  },
});

interface WireOptions extends SpeechToTextOptions {
  readonly keyTerms: readonly string[];
}

class AzureWire implements SegmentWire {
  readonly #keyTerms: readonly string[];
  readonly #answerMs: number;
  readonly #parts: VendorParts<'azure-speech'>;
  readonly #events: SegmentEvents;
  readonly #sound: LineSound;
  readonly #connection: TurnConnection;
  #hints: RecognitionHints = NO_HINTS;
  /** The one that sound goes to, or whose end is awaited. */
  #turn: { readonly turn: Turn; isEnded: boolean; isDropped: boolean } | undefined;
  /** Sound and ends that wait for the end of a turn or for a connection, at most `WAITING_MS_MAX` of sound. */
  readonly #waiting: (Uint8Array | 'end')[] = [];
  #waitingFrames = 0;
  #timer: Timer | undefined;

  constructor(
    parts: VendorParts<'azure-speech'>,
    { language, lineRateHz, keyTerms }: WireOptions,
    events: SegmentEvents,
  ) {
    const isUlaw = lineRateHz === 8_000;
    const query = new URLSearchParams({
      ...{ language, format: 'simple' },
      segmentationSilenceTimeoutMs: String(SILENCE_MS),
    });
    const path = '/speech/recognition/conversation/cognitiveservices/v1';
    this.#parts = parts;
    this.#keyTerms = keyTerms;
    this.#answerMs = parts.timeouts?.answerMs ?? VENDOR_TIMEOUTS.answerMs;
    this.#events = events;
    this.#sound = new LineSound(isUlaw ? 'ulaw-8000' : 'pcm-16000');
    this.#connection = new TurnConnection(
      { ...parts, isUlaw, url: `${socketUrl(speechUrlOf(parts.credential))}${path}?${query}` },
      {
        onReady: () => this.#ready(),
        onMessage: (message) => this.#message(message),
        onFailed: (failure) => this.#failed(failure),
      },
    );
  }

  audio(frame: AudioFrame): boolean {
    const bytes = this.#sound.encode(frame);
    if (this.#isTaking) return this.#send(bytes);
    if (this.#waitingFrames >= WAITING_MS_MAX / FRAME_MS) return false;
    this.#waiting.push(Uint8Array.from(bytes));
    this.#waitingFrames++;
    return true;
  }

  finish(): void {
    if (this.#isTaking) this.#end();
    else this.#waiting.push('end');
  }

  /** Azure has no word for it: the turn is ended and what it brings is not told. */
  drop(): void {
    const kept = this.#waiting.lastIndexOf('end') + 1;
    this.#waitingFrames -= this.#waiting.length - kept;
    this.#waiting.length = kept;
    if (kept > 0 || this.#turn === undefined || this.#turn.isEnded) return;
    this.#turn.isDropped = true;
    this.#end();
  }

  expect(hints: RecognitionHints): void {
    this.#hints = hints;
  }

  close(): void {
    this.#timer?.cancel();
    this.#waiting.length = 0;
    this.#waitingFrames = 0;
    this.#connection.close();
  }

  /** Nothing waits, and there is a turn for sound, or there can be one. */
  get #isTaking(): boolean {
    return this.#waiting.length === 0 && this.#connection.isReady && this.#turn?.isEnded !== true;
  }

  #send(bytes: Uint8Array): boolean {
    this.#turn ??= { turn: this.#connection.begin(this.#context()), isEnded: false, isDropped: false };
    return this.#turn.turn.send(bytes);
  }

  #end(): void {
    // Azure ended the turn by itself, and nothing was said since.
    if (this.#turn === undefined) {
      this.#events.onSegmentEnd();
      return;
    }
    this.#turn.isEnded = true;
    this.#turn.turn.end();
    this.#timer = this.#parts.clock.setTimer(this.#answerMs, () =>
      this.#failed(new RapidaError('provider_timeout', 'Azure did not say what was heard in time')),
    );
  }

  #ready(): void {
    this.#events.onReady();
    this.#drain();
  }

  /** What waited is sent at once: Azure takes some seconds of sound faster than they were spoken. */
  #drain(): void {
    while (this.#waiting.length > 0 && this.#connection.isReady && this.#turn?.isEnded !== true) {
      const next = this.#waiting.shift();
      if (next === 'end') this.#end();
      else if (next !== undefined) {
        this.#waitingFrames--;
        if (!this.#send(next)) this.#parts.onDropped?.(FRAME_MS);
      }
    }
  }

  #message({ path, requestId, body }: ServiceMessage): void {
    if (requestId !== this.#turn?.turn.requestId) return;
    if (path === 'turn.end') this.#turnEnd();
    if (path !== 'speech.hypothesis' && path !== 'speech.phrase') return;
    const said = saidIn(body);
    if (said === undefined) this.#failed(protocolError(`Azure sent a ${path} that is not JSON`));
    else if (path === 'speech.phrase') this.#phrase(said);
    else if (!this.#turn.isDropped) this.#events.onPartial(said.Text);
  }

  #phrase({ RecognitionStatus, DisplayText }: Said): void {
    const failure = phraseFailure(RecognitionStatus);
    if (failure !== undefined) this.#failed(failure);
    else if (RecognitionStatus === 'Success' && this.#turn?.isDropped === false) this.#events.onPart(DisplayText);
  }

  /** Where Azure ended it by itself, after a long silence, the segment goes on in the next turn. */
  #turnEnd(): void {
    const turn = this.#turn;
    this.#turn = undefined;
    this.#timer?.cancel();
    this.#connection.turnIsOver();
    if (turn?.isEnded === true && !turn.isDropped) this.#events.onSegmentEnd();
    this.#drain();
  }

  #failed(failure: RapidaError): void {
    this.close();
    this.#events.onFailed(failure);
  }

  #context(): object {
    const phrases = [...new Set([...this.#keyTerms, ...this.#hints.phrases])].filter((phrase) => phrase !== '');
    const items = phrases.slice(0, PHRASES_MAX).map((text) => ({ text }));
    const segmentation = { mode: 'Custom', segmentationSilenceTimeoutMs: SILENCE_MS };
    return {
      phraseDetection: { mode: 'Conversation', conversation: { segmentation } },
      ...(items.length > 0 && { dgi: { groups: [{ type: 'Generic', items }], bias: 1 } }),
    };
  }
}

/** Of a hypothesis `Text`, of a phrase the others. */
interface Said {
  readonly Text: string;
  readonly RecognitionStatus: string;
  readonly DisplayText: string;
}

function saidIn(body: string): Said | undefined {
  try {
    const fields = JSON.parse(body) as Readonly<Record<string, unknown>> | null;
    const text = (name: string) => (typeof fields?.[name] === 'string' ? fields[name] : '');
    return { Text: text('Text'), RecognitionStatus: text('RecognitionStatus'), DisplayText: text('DisplayText') };
  } catch {
    return undefined;
  }
}
