import {
  type AssistantConfig,
  type Clock,
  chainedEngines,
  createCircuitBreakers,
  type EntityId,
  type LanguageModel,
  type Logger,
  type ModelConfig,
  type OpenedCredential,
  type ProviderSet,
  type ProviderSource,
  RapidaError,
  type RealtimeConfig,
  type RecogniserConfig,
  type SpeechToText,
  type Telemetry,
  type TextToSpeech,
  type VoiceConfig,
  warmSpeechToText,
  withOwnVoice,
} from '@rapida/core';
import {
  createLocalEngines,
  createModel,
  createRealtimeModel,
  createRecogniser,
  createVoice,
  loadSpeakable,
  OPENAI_BASE_URL,
  type RemoteParts,
  type RemoteProvider,
  speakingAloud,
} from '@rapida/providers';
import { Incidents, openChain } from './engine-chains.js';
import { KEY_SETTINGS, type ProviderKeys } from './provider-keys.js';

/** What a recogniser is connected for ahead: most lines. */
const TELEPHONE_HZ = 8_000;
/** The voice that says so when the assistant's own voice has failed. */
const SPARE_VOICE = 'slt';

const NO_KEY_IN_CREDENTIAL = 'the credential has no apiKey, and OpenAI itself takes no request without one';

export interface ProviderSourceDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** The server's own, for engines that name no credential. */
  readonly keys: ProviderKeys;
  /** Opens a credential of this provider; rejects with a `RapidaError`. */
  readonly credentials: <P extends RemoteProvider>(
    projectId: EntityId,
    id: EntityId,
    provider: P,
  ) => Promise<OpenedCredential<P>>;
}

interface RemoteEngine {
  readonly provider: RemoteProvider;
  readonly credentialId?: EntityId | undefined;
  readonly baseUrl?: string | undefined;
}
type Connect = (engine: RemoteEngine) => Promise<RemoteParts>;

/** Every engine this server has, by the names assistants call them. */
export function createProviderSource(deps: ProviderSourceDependencies): ProviderSource {
  const { clock, logger, telemetry } = deps;
  const onDropped = (droppedMs: number) =>
    telemetry.count('rapida_audio_dropped_ms_total', { consumer: 'stt' }, droppedMs);
  const local = createLocalEngines({ logger, telemetry });
  const breakers = createCircuitBreakers({ clock, telemetry });

  /** Engines of one call: a credential that several of them name is opened once, and none outlives the call. */
  function connector(projectId: EntityId): Connect {
    const opened = new Map<string, Promise<unknown>>();
    return async (engine) => {
      const credential = await credentialOf(deps, engine, (id, provider) => {
        const key = `${provider}/${id}`;
        const opening = opened.get(key) ?? deps.credentials(projectId, id, provider);
        opened.set(key, opening);
        return opening;
      });
      return { clock, logger, onDropped, credential };
    };
  }

  const sttOf = async (stt: RecogniserConfig, connect: Connect): Promise<SpeechToText> =>
    stt.provider === 'local' ? local.stt : createRecogniser(await connect(stt), stt);
  const llmOf = async (config: AssistantConfig, llm: ModelConfig, connect: Connect): Promise<LanguageModel> =>
    llm.provider === 'local' ? local.llm(config) : createModel(await connect(llm), llm);
  const ttsOf = async (config: AssistantConfig, tts: VoiceConfig, connect: Connect): Promise<TextToSpeech> => {
    const engine = tts.provider === 'local' ? local.tts : await createVoice(await connect(tts), tts);
    const speakable = await loadSpeakable(config.speaking, config.language, tts.provider);
    return speakingAloud(withOwnVoice(engine, tts), speakable);
  };

  /** A model that hears and speaks itself: of the others only the local ones are there, and nothing is reached for them. */
  async function aroundRealtime(
    config: AssistantConfig,
    realtime: RealtimeConfig,
    connect: Connect,
  ): Promise<ProviderSet> {
    const own = config.tts.provider === 'local' ? config.tts : { voice: SPARE_VOICE, speed: 1 };
    return {
      ...{ stt: local.stt, llm: local.llm(config), vad: await local.vad() },
      tts: withOwnVoice(local.tts, own),
      spareTts: { engine: local.tts, voice: SPARE_VOICE },
      realtime: await createRealtimeModel(await connect(realtime), realtime),
    };
  }

  return {
    async forAssistant(config, projectId) {
      const connect = connector(projectId);
      if (config.realtime !== undefined) return aroundRealtime(config, config.realtime, connect);
      const incidents = new Incidents(telemetry);
      const common = { clock, breakers, incidents };
      const { fallback } = config;
      const [stt, llm, tts, vad] = await Promise.all([
        openChain([config.stt, ...fallback.stt], { ...common, kind: 'stt', open: (one) => sttOf(one, connect) }),
        openChain([config.llm, ...fallback.llm], {
          ...common,
          kind: 'llm',
          open: (one) => llmOf(config, one, connect),
        }),
        openChain([config.tts, ...fallback.tts], {
          ...common,
          kind: 'tts',
          open: (one) => ttsOf(config, one, connect),
        }),
        local.vad(),
      ]);
      const engines = chainedEngines({ stt, llm, tts }, config, { clock, onLost: onDropped });
      const recogniser = warmSpeechToText(engines.stt, clock);
      return {
        ...{ ...engines, stt: recogniser },
        // The local one needs no connection.
        ...(config.stt.provider !== 'local' && {
          warm: () => recogniser.warm({ language: config.language, lineRateHz: TELEPHONE_HZ }),
        }),
        vad,
        spareTts: { engine: local.tts, voice: SPARE_VOICE },
        onIncident: incidents.listen,
      };
    },
    // That its credentials are there was seen when it was saved; asking their servers here would make saving slow.
    validate: (config) => (config.stt.provider === 'local' ? local.validate(config) : Promise.resolve([])),
    close: () => local.close(),
  };
}

/** The one that the engine names, else the server's own. Fails with `provider_unconfigured` where it would be of no use. */
async function credentialOf(
  { keys }: ProviderSourceDependencies,
  { provider, credentialId, baseUrl: wanted }: RemoteEngine,
  open: (id: EntityId, provider: RemoteProvider) => Promise<unknown>,
): Promise<unknown> {
  const own = credentialId === undefined ? keys[provider] : await open(credentialId, provider);
  if (provider !== 'openai-compatible') {
    if (own === undefined)
      throw new RapidaError('provider_unconfigured', `set ${KEY_SETTINGS[provider]}, or name a credential`);
    return own;
  }
  const { apiKey, baseUrl = keys['openai-compatible']?.baseUrl ?? OPENAI_BASE_URL } = (own ?? {}) as Partial<
    OpenedCredential<'openai-compatible'>
  >;
  // OpenAI itself is of no use without a key; a server of one's own may want none.
  if (apiKey === undefined && (wanted ?? baseUrl) === OPENAI_BASE_URL) {
    const advice = credentialId === undefined ? `set ${KEY_SETTINGS[provider]}` : NO_KEY_IN_CREDENTIAL;
    throw new RapidaError('provider_unconfigured', advice);
  }
  return { apiKey, baseUrl };
}
