import type {
  Clock,
  CredentialProvider,
  LanguageModel,
  Logger,
  ModelOf,
  ModelProvider,
  OpenedCredential,
  RealtimeModel,
  RealtimeOf,
  RealtimeProvider,
  RecogniserOf,
  RecogniserProvider,
  SpeechToText,
  TextToSpeech,
  VoiceOf,
  VoiceProvider,
} from '@rapida/core';
import type { VendorTimeouts } from './wire/vendor-http.js';

/** What every engine of a vendor is made with. Making one is cheap, opens nothing and holds nothing. */
export interface VendorParts<P extends CredentialProvider> extends CommonParts {
  readonly credential: OpenedCredential<P>;
}

export interface CommonParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly fetch?: typeof fetch;
  readonly timeouts?: Partial<VendorTimeouts>;
  /** Counts the caller's sound that was not recognised because it was too much. */
  readonly onDropped?: (droppedMs: number) => void;
}

export type RemoteRecogniser = Exclude<RecogniserProvider, 'local'>;
export type RemoteModel = Exclude<ModelProvider, 'local'>;
export type RemoteVoice = Exclude<VoiceProvider, 'local'>;

export type CreateRecogniser<P extends RemoteRecogniser> = (
  parts: VendorParts<P>,
  config: RecogniserOf<P>,
) => SpeechToText;
export type CreateModel<P extends RemoteModel> = (parts: VendorParts<P>, config: ModelOf<P>) => LanguageModel;
export type CreateVoice<P extends RemoteVoice> = (parts: VendorParts<P>, config: VoiceOf<P>) => TextToSpeech;
export type CreateRealtimeModel<P extends RealtimeProvider> = (
  parts: VendorParts<P>,
  config: RealtimeOf<P>,
) => RealtimeModel;

/**
 * Asks the vendor whether it takes the credential, once, without a charge. Resolves with what answered, for people; rejects with
 * a `RapidaError` that quotes no key. The caller bounds it in time.
 */
export type Probe<P extends CredentialProvider> = (parts: VendorParts<P>, signal: AbortSignal) => Promise<string>;

/** Every vendor that a configuration can name; their credentials have the same names. */
export type RemoteProvider = RemoteRecogniser | RemoteModel | RemoteVoice | RealtimeProvider;
