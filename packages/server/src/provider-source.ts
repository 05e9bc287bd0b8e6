import {
  type AssistantConfig,
  type Clock,
  type LanguageModel,
  type Logger,
  type ProviderSource,
  RapidaError,
  reopeningSpeechToText,
  type SpeechToText,
  type Telemetry,
  type TextToSpeech,
} from '@rapida/core';
import { createLocalEngines, createOpenAiCompatible, OPENAI_BASE_URL } from '@rapida/providers';
import type { Config } from './config.js';

/** The voice that says so when the assistant's own voice has failed. */
const SPARE_VOICE = 'slt';

/** Every engine this server has, by the names assistants call them. */
export function createProviderSource(deps: {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly openai: Config['openai'];
}): ProviderSource {
  const { clock, logger, telemetry, openai } = deps;
  const onDropped = (droppedMs: number) =>
    telemetry.count('rapida_audio_dropped_ms_total', { consumer: 'stt' }, droppedMs);
  const local = createLocalEngines({ logger, telemetry });
  const { apiKey, baseUrl } = openai;
  const compatible = createOpenAiCompatible({ clock, logger, baseUrl, ...(apiKey && { apiKey }), onDropped });

  /** OpenAI itself is of no use without a key; a server of one's own may want none. */
  function needServer(own: string | undefined): void {
    if (apiKey !== undefined || (own ?? baseUrl) !== OPENAI_BASE_URL) return;
    throw new RapidaError('provider_unconfigured', 'set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own');
  }

  function sttOf({ stt }: AssistantConfig): SpeechToText {
    if (stt.provider === 'local') return local.stt;
    needServer(stt.baseUrl);
    return compatible.stt(stt);
  }

  function llmOf(config: AssistantConfig): LanguageModel {
    if (config.llm.provider === 'local') return local.llm(config);
    needServer(config.llm.baseUrl);
    return compatible.llm(config.llm);
  }

  function ttsOf({ tts }: AssistantConfig): TextToSpeech {
    if (tts.provider === 'local') return local.tts;
    needServer(tts.baseUrl);
    return compatible.tts(tts);
  }

  return {
    async forAssistant(config) {
      const [stt, llm, tts, vad] = [sttOf(config), llmOf(config), ttsOf(config), await local.vad()];
      const spareTts = { engine: local.tts, voice: SPARE_VOICE };
      return { stt: reopeningSpeechToText(stt, { clock, onLost: onDropped }), llm, tts, vad, spareTts };
    },
    validate: (config) => (config.stt.provider === 'local' ? local.validate(config) : Promise.resolve([])),
    close: () => local.close(),
  };
}
