import {
  type LanguageModel,
  type ModelConfig,
  RapidaError,
  type RealtimeConfig,
  type RealtimeModel,
  type RecogniserConfig,
  type SpeechToText,
  type TextToSpeech,
  type VoiceConfig,
} from '@rapida/core';
import { MODELS } from './models.js';
import { REALTIME_MODELS } from './realtime-models.js';
import { RECOGNISERS } from './recognisers.js';
import type { CommonParts, RemoteModel, RemoteRecogniser, RemoteVoice } from './vendor.js';
import { VOICES } from './voices.js';

/** `credential` is an opened one of the provider that `config` names. */
export interface RemoteParts extends CommonParts {
  readonly credential: unknown;
}

/** Makes engines of any vendor, by name. Which credential and which configuration belong together the schemas have seen. */
export function createRecogniser(
  parts: RemoteParts,
  config: Extract<RecogniserConfig, { provider: RemoteRecogniser }>,
): Promise<SpeechToText> {
  return make(RECOGNISERS, parts, config);
}

export function createModel(
  parts: RemoteParts,
  config: Extract<ModelConfig, { provider: RemoteModel }>,
): Promise<LanguageModel> {
  return make(MODELS, parts, config);
}

export function createVoice(
  parts: RemoteParts,
  config: Extract<VoiceConfig, { provider: RemoteVoice }>,
): Promise<TextToSpeech> {
  return make(VOICES, parts, config);
}

export function createRealtimeModel(parts: RemoteParts, config: RealtimeConfig): Promise<RealtimeModel> {
  return make(REALTIME_MODELS, parts, config);
}

type Create<Engine, Config> = (parts: RemoteParts, config: Config) => Engine;

async function make<Engine, Config extends { readonly provider: string }>(
  known: object,
  parts: RemoteParts,
  config: Config,
): Promise<Engine> {
  const loaders = known as Readonly<Record<string, (() => Promise<Create<Engine, Config>>) | undefined>>;
  const load = loaders[config.provider];
  if (load === undefined) throw new RapidaError('provider_unconfigured', `There is no engine of ${config.provider}`);
  return (await load())(parts, config);
}
