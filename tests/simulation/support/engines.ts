import type { AssistantConfig, Clock, ProviderIncident, ProviderSet } from '@rapida/core';
import {
  createLoudnessDetector,
  type ModelOptions,
  type ScriptedAnswer,
  ScriptedModel,
  ScriptedRecogniser,
  type ScriptedSegment,
} from '@rapida/core/testing';
import { chained } from './chains.js';
import { type Gate, gatedModel, gatedRecogniser, gatedVoice } from './faulty.js';
import { TaggedVoice, type TaggedVoiceOptions } from './tagged-voice.js';

export interface EnginePlan {
  /** What is understood of the caller's segments, in order. */
  readonly hears?: readonly ScriptedSegment[];
  readonly answers?: readonly ScriptedAnswer[];
  /** Every event of the three engines passes it; the spare voice has nothing to do with it. */
  readonly gate?: Gate;
  /** The spare voice's own. */
  readonly spareGate?: Gate;
  readonly voice?: TaggedVoiceOptions;
  /** Delays of the recogniser and the model. */
  readonly sttMs?: number;
  /** The engines in the chains of the server, one of the first ones faulty. */
  readonly chains?: ChainPlan;
  readonly model?: Pick<ModelOptions, 'ttftMs' | 'deltaMs'>;
}

export interface ChainPlan {
  readonly kind: ProviderIncident['kind'];
  /** Every event of the first engine of this kind passes it. */
  readonly gate: Gate;
  /** `second`: each kind has another engine, which works. */
  readonly behind: 'nobody' | 'second';
}

export interface Engines {
  readonly providers: ProviderSet;
  readonly recogniser: ScriptedRecogniser;
  readonly voice: TaggedVoice;
  readonly spare: TaggedVoice;
}

const OPEN: Gate = { pass: async () => {} };
const SPARE_TAGS_FROM = 900;
const SECOND_TAGS_FROM = 450;

export async function makeEngines(clock: Clock, plan: EnginePlan, config: AssistantConfig): Promise<Engines> {
  const { gate = OPEN, spareGate = OPEN, chains } = plan;
  const recogniser = recogniserOf(clock, plan);
  const voice = new TaggedVoice(clock, plan.voice);
  const spare = new TaggedVoice(clock, { provider: 'spare', firstTag: SPARE_TAGS_FROM });
  const model = modelOf(clock, plan);
  const own = { stt: recogniser, llm: model, tts: voice };
  const three =
    chains === undefined
      ? { stt: gatedRecogniser(recogniser, gate), llm: gatedModel(model, gate), tts: gatedVoice(voice, gate) }
      : await chained(clock, chains, { first: own, second: secondOf(clock, plan), config });
  const spareTts = { engine: gatedVoice(spare, spareGate), voice: 'spare' };
  return { providers: { ...three, spareTts, vad: createLoudnessDetector }, recogniser, voice, spare };
}

function recogniserOf(clock: Clock, { hears = [], sttMs }: EnginePlan): ScriptedRecogniser {
  return new ScriptedRecogniser(clock, hears, { ...(sttMs !== undefined && { latencyMs: sttMs }) });
}

function modelOf(clock: Clock, { answers = [], model }: EnginePlan): ScriptedModel {
  return new ScriptedModel(clock, answers, model);
}

function secondOf(clock: Clock, plan: EnginePlan) {
  const tts = new TaggedVoice(clock, { ...plan.voice, firstTag: SECOND_TAGS_FROM });
  return { stt: recogniserOf(clock, plan), llm: modelOf(clock, plan), tts };
}
