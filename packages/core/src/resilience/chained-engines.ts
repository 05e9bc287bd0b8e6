import type { AssistantConfig } from '../assistant/index.js';
import type { Clock } from '../clock.js';
import type { LanguageModel } from '../language-model.js';
import type { ProviderSet } from '../provider-set.js';
import type { SpeechToText } from '../speech-to-text.js';
import type { TextToSpeech } from '../text-to-speech.js';
import type { EngineChain } from './engine-chain.js';
import { fallingBackLanguageModel } from './llm-fallback.js';
import { reopeningSpeechToText } from './stt-reopen.js';
import { fallingBackTextToSpeech } from './tts-fallback.js';

export interface EngineChains {
  readonly stt: EngineChain<SpeechToText>;
  readonly llm: EngineChain<LanguageModel>;
  readonly tts: EngineChain<TextToSpeech>;
}

/** The engines of one call, each kind a chain that looks like one engine, with the patience that the assistant has. */
export function chainedEngines(
  { stt, llm, tts }: EngineChains,
  { budgets, limits: { providerMs: patienceMs } }: Pick<AssistantConfig, 'budgets' | 'limits'>,
  { clock, onLost }: { readonly clock: Clock; readonly onLost?: (lostMs: number) => void },
): Pick<ProviderSet, 'stt' | 'llm' | 'tts'> {
  return {
    stt: reopeningSpeechToText(stt, {
      ...{ clock, patienceMs, budgetMs: budgets.sttMs },
      ...(onLost !== undefined && { onLost }),
    }),
    llm: fallingBackLanguageModel(llm, { clock, budgetMs: budgets.llmMs, patienceMs }),
    tts: fallingBackTextToSpeech(tts, { clock, budgetMs: budgets.ttsMs, patienceMs }),
  };
}
