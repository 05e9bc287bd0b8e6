import {
  type AudioFrame,
  FRAME_MS,
  NO_HINTS,
  type RecogniserOf,
  type RecognitionHints,
  type SpeechToTextOptions,
} from '@rapida/core';
import { ExplicitDecodingConfig_AudioEncoding as Encoding } from '../../proto/gen/google/cloud/speech/v2/cloud_speech_pb.js';
import type { CreateRecogniser, VendorParts } from '../vendor.js';
import { LineSound } from '../wire/line-sound.js';
import { type SegmentEvents, SegmentStream, type SegmentWire, WAITING_MS_MAX } from '../wire/segment-stream.js';
import { VENDOR_TIMEOUTS } from '../wire/vendor-http.js';
import { Recognition, type Request } from './recognition.js';
import { speechUrlOf } from './server.js';
import { ServiceAccount } from './service-account.js';
import { SpeechConnection } from './speech-connection.js';

/** Google takes 1200 phrases in a set, of 100 characters each. */
export const PHRASES_MAX = 500;
export const PHRASE_CHARACTERS_MAX = 100;

const OPEN_MS = 5_000;

type Config = RecogniserOf<'google-cloud'>;

/**
 * Recognition by Cloud Speech-to-Text v2, `StreamingRecognize` over gRPC: https://cloud.google.com/speech-to-text/v2/docs/reference/rpc/google.cloud.speech.v2
 * (as of 2025, with the description in googleapis/google-cloud-python). One stream per segment over one HTTP/2 connection that is open from
 * the beginning. v2 has no message that asks for the final; what brings it soonest is the end of the stream, where one long stream would wait
 * for Google's own silence detection. A stream on an open connection costs no round trip, and none has to be kept alive through silences:
 * Google ends one without sound after some seconds, and all after five minutes.
 */
export const createRecogniser: CreateRecogniser<'google-cloud'> = (parts, config) => {
  const account = new ServiceAccount(parts.credential.serviceAccount, parts.clock);
  const { onDropped = () => {} } = parts;
  return {
    provider: 'google-cloud',
    open: (options, signal) => {
      const openWire = (events: SegmentEvents) => new GoogleWire({ parts, config, account, options }, events);
      return new SegmentStream({ openWire, onDropped }, signal);
    },
  };
};

interface WireOptions {
  readonly parts: VendorParts<'google-cloud'>;
  readonly config: Config;
  readonly account: ServiceAccount;
  readonly options: SpeechToTextOptions;
}

class GoogleWire implements SegmentWire {
  readonly #wire: WireOptions;
  readonly #recognizer: string;
  readonly #events: SegmentEvents;
  readonly #connection: SpeechConnection;
  readonly #isUlaw: boolean;
  readonly #sound: LineSound;
  /** Not told to their ends, oldest first; the last may be running. At most one more than the stream has open segments. */
  readonly #recognitions: Recognition[] = [];
  #running: Recognition | undefined;
  #hints = NO_HINTS;
  #isClosed = false;

  /** Throws where the credential holds no service account. */
  constructor(wire: WireOptions, events: SegmentEvents) {
    const { parts, config, account, options } = wire;
    this.#wire = wire;
    this.#recognizer = `projects/${account.projectId()}/locations/${config.location}/recognizers/_`;
    this.#events = events;
    this.#isUlaw = options.lineRateHz === 8_000;
    this.#sound = new LineSound(this.#isUlaw ? 'ulaw-8000' : 'pcm-16000');
    const baseUrl = speechUrlOf(parts.credential, config.location);
    this.#connection = new SpeechConnection({ clock: parts.clock, account, baseUrl, openMs: OPEN_MS });
    this.#connection.open(
      () => events.onReady(),
      (error) => events.onFailed(error),
    );
  }

  audio(frame: AudioFrame): boolean {
    if (this.#running?.isFull === true) this.#endRunning();
    this.#running ??= this.#begin();
    return this.#running.push(this.#sound.encode(frame), FRAME_MS);
  }

  finish(): void {
    this.#running ??= this.#begin();
    this.#running.endsSegment = true;
    this.#endRunning();
  }

  /** All of its streams are cut: they are those behind the last one that ends a segment. */
  drop(): void {
    this.#running = undefined;
    const first = this.#recognitions.findLastIndex(({ endsSegment }) => endsSegment) + 1;
    for (const recognition of this.#recognitions.splice(first)) recognition.abort();
  }

  expect(hints: RecognitionHints): void {
    this.#hints = hints;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const recognition of this.#recognitions) recognition.abort();
    this.#recognitions.length = 0;
    this.#connection.close();
  }

  #begin(): Recognition {
    const { clock, timeouts } = this.#wire.parts;
    const recognition = new Recognition({
      clock,
      client: this.#connection.client,
      opening: this.#opening(),
      // Google's front ends choose the server by it.
      headers: { 'x-goog-request-params': `recognizer=${encodeURIComponent(this.#recognizer)}` },
      answerMs: timeouts?.answerMs ?? VENDOR_TIMEOUTS.answerMs,
      unsentBytesMax: (this.#sound.frameBytes * WAITING_MS_MAX) / FRAME_MS,
      onChanged: () => this.#tell(),
      onFailed: (error) => {
        if (!this.#isClosed) this.#events.onFailed(error);
      },
    });
    this.#recognitions.push(recognition);
    return recognition;
  }

  #opening(): Request {
    const { config, options } = this.#wire;
    const phrases = phrasesOf(config, this.#hints);
    const explicitDecodingConfig = {
      encoding: this.#isUlaw ? Encoding.MULAW : Encoding.LINEAR16,
      sampleRateHertz: this.#sound.rateHz,
      audioChannelCount: 1,
    };
    return {
      recognizer: this.#recognizer,
      streamingRequest: {
        case: 'streamingConfig',
        value: {
          config: {
            decodingConfig: { case: 'explicitDecodingConfig', value: explicitDecodingConfig },
            model: config.model,
            languageCodes: [options.language],
            ...(config.punctuation && { features: { enableAutomaticPunctuation: true } }),
            ...(phrases.length > 0 && { adaptation: adaptationOf(phrases) }),
          },
          streamingFeatures: { interimResults: true },
        },
      },
    };
  }

  #endRunning(): void {
    const running = this.#running;
    this.#running = undefined;
    running?.end();
    this.#tell();
  }

  /** Streams run side by side and may end in any order; what they say is told in the order in which it was spoken. */
  #tell(): void {
    for (let oldest = this.#recognitions[0]; oldest !== undefined; oldest = this.#recognitions[0]) {
      for (const part of oldest.takeParts()) this.#events.onPart(part);
      if (!oldest.isSettled) {
        const partial = oldest.takePartial();
        if (partial !== '') this.#events.onPartial(partial);
        return;
      }
      this.#recognitions.shift();
      if (oldest.endsSegment) this.#events.onSegmentEnd();
    }
  }
}

function phrasesOf({ keyTerms }: Config, { phrases }: RecognitionHints): string[] {
  const usable = [...keyTerms, ...phrases].filter((phrase) => phrase !== '' && phrase.length <= PHRASE_CHARACTERS_MAX);
  return [...new Set(usable)].slice(0, PHRASES_MAX);
}

function adaptationOf(phrases: readonly string[]) {
  const inline = { phrases: phrases.map((value) => ({ value })) };
  return { phraseSets: [{ value: { case: 'inlinePhraseSet' as const, value: inline } }] };
}
