import {
  type AssistantConfig,
  type Clock,
  type EntityId,
  type LanguageModel,
  type Logger,
  type ProviderSource,
  RapidaError,
  reopeningSpeechToText,
  type Secret,
  type SpeechToText,
  type Telemetry,
  type TextToSpeech,
} from '@rapida/core';
import { createLocalEngines, createOpenAiCompatible, OPENAI_BASE_URL, type OpenAiCompatible } from '@rapida/providers';
import type { Config } from './config.js';

/** The voice that says so when the assistant's own voice has failed. */
const SPARE_VOICE = 'slt';

const NO_KEY = 'set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own';
const NO_KEY_IN_CREDENTIAL = 'the credential has no apiKey, and OpenAI itself takes no request without one';

/** A server with OpenAI's API that a credential of the vault names: its key goes nowhere else. */
export interface OwnServer {
  readonly apiKey?: Secret | undefined;
  /** Without it: OPENAI_BASE_URL. */
  readonly baseUrl?: string | undefined;
}

export interface ProviderSourceDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly openai: Config['openai'];
  /** Opens a credential of provider `openai-compatible`; rejects with a `RapidaError`. */
  readonly credentials: (projectId: EntityId, id: EntityId) => Promise<OwnServer>;
}

type RemoteEngine = Pick<AssistantConfig['llm'], 'credentialId' | 'baseUrl'>;
type Connect = (engine: RemoteEngine) => Promise<OpenAiCompatible>;

/** Every engine this server has, by the names assistants call them. */
export function createProviderSource(deps: ProviderSourceDependencies): ProviderSource {
  const { clock, logger, telemetry, openai, credentials } = deps;
  const onDropped = (droppedMs: number) =>
    telemetry.count('rapida_audio_dropped_ms_total', { consumer: 'stt' }, droppedMs);
  const local = createLocalEngines({ logger, telemetry });

  /** Engines of one call: a credential that several of them name is opened once, and none outlives the call. */
  function connector(projectId: EntityId): Connect {
    const opened = new Map<EntityId, Promise<OwnServer>>();
    return async ({ credentialId, baseUrl: wanted }) => {
      const own = credentialId === undefined ? openai : await open(credentialId);
      const { apiKey, baseUrl = openai.baseUrl } = own;
      // OpenAI itself is of no use without a key; a server of one's own may want none.
      if (apiKey === undefined && (wanted ?? baseUrl) === OPENAI_BASE_URL) {
        throw new RapidaError('provider_unconfigured', credentialId === undefined ? NO_KEY : NO_KEY_IN_CREDENTIAL);
      }
      return createOpenAiCompatible({ clock, logger, baseUrl, ...(apiKey && { apiKey }), onDropped });
    };

    function open(id: EntityId): Promise<OwnServer> {
      const opening = opened.get(id) ?? credentials(projectId, id);
      opened.set(id, opening);
      return opening;
    }
  }

  const sttOf = async ({ stt }: AssistantConfig, connect: Connect): Promise<SpeechToText> =>
    stt.provider === 'local' ? local.stt : (await connect(stt)).stt(stt);
  const llmOf = async (config: AssistantConfig, connect: Connect): Promise<LanguageModel> =>
    config.llm.provider === 'local' ? local.llm(config) : (await connect(config.llm)).llm(config.llm);
  const ttsOf = async ({ tts }: AssistantConfig, connect: Connect): Promise<TextToSpeech> =>
    tts.provider === 'local' ? local.tts : (await connect(tts)).tts(tts);

  return {
    async forAssistant(config, projectId) {
      const connect = connector(projectId);
      const engines = [sttOf(config, connect), llmOf(config, connect), ttsOf(config, connect), local.vad()] as const;
      const [stt, llm, tts, vad] = await Promise.all(engines);
      const spareTts = { engine: local.tts, voice: SPARE_VOICE };
      return { stt: reopeningSpeechToText(stt, { clock, onLost: onDropped }), llm, tts, vad, spareTts };
    },
    // That its credentials are there was seen when it was saved; asking their servers here would make saving slow.
    validate: (config) => (config.stt.provider === 'local' ? local.validate(config) : Promise.resolve([])),
    close: () => local.close(),
  };
}
