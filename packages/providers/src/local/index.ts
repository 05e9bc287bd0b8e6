import {
  type AssistantConfig,
  type ConfigProblem,
  type LanguageModel,
  type Logger,
  RapidaError,
  type SpeechToText,
  silentLogger,
  silentTelemetry,
  type Telemetry,
  type TextToSpeech,
  type VoiceActivityFactory,
} from '@rapida/core';
import { createRuleBasedModel } from './llm.js';
import { findLocalProblems } from './lookup.js';
import { LocalSpeechToText } from './stt.js';
import { LocalTextToSpeech } from './tts.js';
import { createVadFactory } from './vad.js';

export { FLITE_VOICES } from './flite.js';
export { createRuleBasedModel } from './llm.js';
export { LocalSpeechToText, type LocalSpeechToTextOptions } from './stt.js';
export { LocalTextToSpeech, type LocalTextToSpeechOptions } from './tts.js';
export { createVadFactory } from './vad.js';

export interface LocalEnginesOptions {
  readonly logger?: Logger;
  readonly telemetry?: Telemetry;
  /** Recogniser threads, about 60 MB each. Default 1. */
  readonly sttWorkers?: number;
  /** Voice threads, 60 to 140 MB each. Default 1. */
  readonly ttsWorkers?: number;
  /** Default 16 MB. */
  readonly ttsCacheBytesMax?: number;
}

/** Engines that need no key, no server and no download. English only. */
export interface LocalEngines {
  readonly stt: SpeechToText;
  readonly tts: TextToSpeech;
  /** Loaded once, at the first call; `provider_unavailable` when that fails. */
  vad(): Promise<VoiceActivityFactory>;
  llm(config: AssistantConfig): LanguageModel;
  /** Empty when all is well. Starts the recogniser's thread if the assistant uses it. */
  validate(config: AssistantConfig): Promise<ConfigProblem[]>;
  /** Idempotent. Ends the threads. */
  close(): Promise<void>;
}

/** Starts nothing: each engine's thread starts when it is used first, and again after it died. */
export function createLocalEngines(options: LocalEnginesOptions = {}): LocalEngines {
  const { logger = silentLogger, telemetry = silentTelemetry } = options;
  const onDeath = (kind: 'stt' | 'tts') => (error: RapidaError) => {
    logger.error({ kind, code: error.code, err: error.cause }, 'a thread of a local engine died');
    telemetry.count('rapida_provider_errors_total', { kind, provider: 'local', code: error.code });
  };
  const stt = new LocalSpeechToText({
    workers: options.sttWorkers ?? 1,
    onDropped: (ms) => telemetry.count('rapida_audio_dropped_ms_total', { consumer: 'stt' }, ms),
    onDeath: onDeath('stt'),
  });
  const tts = new LocalTextToSpeech({
    workers: options.ttsWorkers ?? 1,
    ...(options.ttsCacheBytesMax === undefined ? {} : { cacheBytesMax: options.ttsCacheBytesMax }),
    onDeath: onDeath('tts'),
  });
  let vad: Promise<VoiceActivityFactory> | undefined;
  return {
    stt,
    tts,
    vad: () => {
      vad ??= createVadFactory().catch((cause: unknown) => {
        throw new RapidaError('provider_unavailable', 'The voice activity detector could not be loaded.', { cause });
      });
      return vad;
    },
    llm: (config) => createRuleBasedModel(config.dialogue),
    validate: (config) => findLocalProblems(config, (words) => stt.unknownWords(words)),
    async close() {
      await Promise.all([stt.close(), tts.close()]);
    },
  };
}
