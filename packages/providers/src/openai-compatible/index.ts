import type { AssistantConfig, Clock, LanguageModel, Logger, Secret, SpeechToText, TextToSpeech } from '@rapida/core';
import { createLlm } from './llm.js';
import { createServer, type Server, type ServerTimeouts } from './server.js';
import { createStt } from './stt.js';
import { createTts } from './tts.js';

export type { ServerTimeouts } from './server.js';

export const OPENAI_BASE_URL = 'https://api.openai.com/v1';

export interface OpenAiCompatibleOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Up to and with the version; OpenAI itself. */
  readonly baseUrl?: string;
  /** Belongs to `baseUrl`: an assistant that names a server of another origin is served without it. */
  readonly apiKey?: Secret;
  readonly fetch?: typeof fetch;
  /** 8 s each. */
  readonly timeouts?: Partial<ServerTimeouts>;
  /** Counts the caller's sound that was not recognised because it was too much. */
  readonly onDropped?: (droppedMs: number) => void;
}

/** Engines by the configuration of an assistant. Making them is cheap and holds nothing; each does one attempt, no retry. */
export interface OpenAiCompatible {
  stt(config: AssistantConfig['stt']): SpeechToText;
  llm(config: AssistantConfig['llm']): LanguageModel;
  tts(config: AssistantConfig['tts']): TextToSpeech;
}

export function createOpenAiCompatible(options: OpenAiCompatibleOptions): OpenAiCompatible {
  const serverAt = (ownBaseUrl: string | undefined) => connect(options, ownBaseUrl);
  const onDropped = options.onDropped ?? (() => {});
  return {
    stt: (config) => createStt(serverAt(config.baseUrl), config, onDropped),
    llm: (config) => createLlm(serverAt(config.baseUrl), config),
    tts: (config) => createTts(serverAt(config.baseUrl), config),
  };
}

function connect(options: OpenAiCompatibleOptions, ownBaseUrl: string | undefined): Server {
  const operatorsUrl = options.baseUrl ?? OPENAI_BASE_URL;
  const baseUrl = ownBaseUrl ?? operatorsUrl;
  // Whoever may edit an assistant must not be able to have the operator's key sent to a server of theirs.
  const isOperatorsServer = new URL(baseUrl).origin === new URL(operatorsUrl).origin;
  return createServer({
    clock: options.clock,
    logger: options.logger,
    baseUrl,
    apiKey: isOperatorsServer ? options.apiKey : undefined,
    fetch: options.fetch ?? fetch,
    timeouts: { answerMs: 8_000, stallMs: 8_000, ...options.timeouts },
  });
}
