import {
  type AssistantConfig,
  type AssistantStore,
  assistantConfigSchema,
  type CallStore,
  type ProviderSource,
  RapidaError,
  type SpeakText,
} from '@rapida/core';
import { assistantAt } from '../assistant-at.js';
import { configOfCall } from '../call-config.js';
import type { TestCallUseCases } from '../use-cases.js';

/** Not the one that assistants have where nobody chose another. */
const CALLER_VOICE = 'rms';

export interface CallerVoiceDependencies {
  readonly calls: Pick<CallStore, 'get'>;
  readonly assistants: Pick<AssistantStore, 'get' | 'getVersion'>;
  readonly providers: Pick<ProviderSource, 'forAssistant'>;
}

/** Who speaks for somebody that types. */
export function createCallerVoice({
  calls,
  assistants,
  providers,
}: CallerVoiceDependencies): TestCallUseCases['voice'] {
  return async ({ projectId, callId }) => {
    const call = await calls.get(projectId, callId);
    if (call === undefined) throw new RapidaError('call_not_found');
    const config = voiceOf(configOfCall(call, await assistantAt(assistants, call)));
    const { tts } = await providers.forAssistant(config, projectId);
    const { voice, speed } = config.tts;
    return speakWith((pieces, signal) => tts.speak(pieces, { voice, speed, language: config.language }, signal));
  };
}

/** The voice of this host speaks English and nothing else, and costs nothing. */
function voiceOf(config: AssistantConfig): AssistantConfig {
  if (!/^en\b/i.test(config.language)) return config;
  return assistantConfigSchema.parse({
    name: 'caller',
    language: config.language,
    tts: { provider: 'local', voice: CALLER_VOICE },
  });
}

function speakWith(
  speak: (pieces: AsyncIterable<string>, signal: AbortSignal) => AsyncIterable<{ type: string; samples?: Int16Array }>,
): SpeakText {
  return async function* (text, signal) {
    for await (const event of speak(onePiece(text), signal)) {
      if (event.samples !== undefined) yield event.samples;
    }
  };
}

async function* onePiece(text: string): AsyncGenerator<string> {
  yield text;
}
