import type { AssistantConfig } from './assistant/index.js';
import type { EntityId } from './ids.js';
import type { LanguageModel } from './language-model.js';
import type { RealtimeModel } from './realtime-model.js';
import type { ProviderIncident } from './resilience/engine-chain.js';
import type { SpeechToText } from './speech-to-text.js';
import type { TextToSpeech } from './text-to-speech.js';
import type { VoiceActivityFactory } from './voice-activity.js';

/** The engines one call runs on. */
export interface ProviderSet {
  readonly stt: SpeechToText;
  readonly llm: LanguageModel;
  readonly tts: TextToSpeech;
  /** Says that something failed when `tts` itself has: an engine with nothing in common with it. */
  readonly spareTts?: { readonly engine: TextToSpeech; readonly voice: string };
  /** Where there is one it hears, thinks and speaks; of the others only the voices are used, for what it cannot say itself. */
  readonly realtime?: RealtimeModel;
  readonly vad: VoiceActivityFactory;
  /** Connects what takes long to connect, for a call whose media is on its way. Bounded: what nobody comes for lets go of itself. */
  readonly warm?: () => void;
  /** Who failed and who took over, from the beginning; to be called once. The listener must not throw. */
  readonly onIncident?: (listener: (incident: ProviderIncident) => void) => void;
}

/** Picks engines by an assistant's configuration. Loading may take a moment the first time; failures are `RapidaError`s. */
export interface ProviderSource {
  /** The project is whose credentials the configuration may name. */
  forAssistant(config: AssistantConfig, projectId: EntityId): Promise<ProviderSet>;
  /** Checks what only the engines can know (words of phrases, names of voices). Empty when all is well. */
  validate(config: AssistantConfig, projectId: EntityId): Promise<readonly ConfigProblem[]>;
  /** Stops workers and connections. Idempotent. */
  close(): Promise<void>;
}

export interface ConfigProblem {
  /** Path in the configuration, e.g. `dialogue.intents.0.phrases.2`. */
  readonly path: string;
  readonly message: string;
}
