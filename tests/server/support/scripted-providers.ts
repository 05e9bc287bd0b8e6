import { type ProviderSource, systemClock } from '@rapida/core';
import { createLoudnessDetector, ScriptedModel, ScriptedRecogniser, ToneVoice } from '@rapida/core/testing';

/** Engines that need nothing and speak a tone: a call with them is held by the real server over real sockets. */
export function scriptedProviders(): ProviderSource {
  return {
    forAssistant: async () => ({
      stt: new ScriptedRecogniser(systemClock, []),
      llm: new ScriptedModel(systemClock, []),
      tts: new ToneVoice(systemClock),
      vad: createLoudnessDetector,
    }),
    validate: async () => [],
    close: async () => {},
  };
}
