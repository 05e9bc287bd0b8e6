import type { Clock, ProviderSet } from '@rapida/core';
import {
  createLoudnessDetector,
  type ScriptedAnswer,
  ScriptedModel,
  ScriptedRecogniser,
  type ScriptedSegment,
} from '@rapida/core/testing';
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
}

export interface Engines {
  readonly providers: ProviderSet;
  readonly recogniser: ScriptedRecogniser;
  readonly voice: TaggedVoice;
  readonly spare: TaggedVoice;
}

const OPEN: Gate = { pass: async () => {} };
const SPARE_TAGS_FROM = 900;

export function makeEngines(clock: Clock, plan: EnginePlan): Engines {
  const { hears = [], answers = [], gate = OPEN, spareGate = OPEN } = plan;
  const recogniser = new ScriptedRecogniser(clock, hears);
  const voice = new TaggedVoice(clock, plan.voice);
  const spare = new TaggedVoice(clock, { provider: 'spare', firstTag: SPARE_TAGS_FROM });
  const providers: ProviderSet = {
    stt: gatedRecogniser(recogniser, gate),
    llm: gatedModel(new ScriptedModel(clock, answers), gate),
    tts: gatedVoice(voice, gate),
    spareTts: { engine: gatedVoice(spare, spareGate), voice: 'spare' },
    vad: createLoudnessDetector,
  };
  return { providers, recogniser, voice, spare };
}
