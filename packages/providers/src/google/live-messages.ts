import type { ChatMessage, RealtimeOf, RealtimeOptions, ToolDefinition } from '@rapida/core';
import { fillIn } from '../wire/fill-in.js';

/** What is sent to the Gemini Live API, and the fields that are read of what comes back. */

export const LIVE_PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';

/** `handle` resumes a session; without one it is a new one. */
export function setupMessage(
  config: RealtimeOf<'google'>,
  options: RealtimeOptions,
  handle: string | undefined,
): object {
  const tools = options.tools.map(functionOf);
  return {
    setup: {
      model: `models/${config.model}`,
      generationConfig: {
        responseModalities: ['AUDIO'],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: config.voice } } },
      },
      systemInstruction: { parts: [{ text: fillIn(options.instructions, options.variables) }] },
      ...(tools.length > 0 && { tools: [{ functionDeclarations: tools }] }),
      // Turns are ours: we say when the caller begins and ends to speak.
      realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
      inputAudioTranscription: {},
      outputAudioTranscription: {},
      sessionResumption: handle === undefined ? {} : { handle },
      // Without it a session ends after 15 minutes of sound.
      contextWindowCompression: { slidingWindow: {} },
    },
  };
}

/** Calls block: an answer goes on when it has its results, as the contract wants it. */
function functionOf({ name, description, parameters }: ToolDefinition): object {
  return { name, description, parametersJsonSchema: parameters, behavior: 'BLOCKING' };
}

export function contentOf(history: readonly ChatMessage[]): readonly object[] {
  return history.flatMap((message) => {
    if (message.role === 'tool' || message.text === '') return [];
    return [turnOf(message.role === 'user' ? 'user' : 'model', message.text)];
  });
}

export function turnOf(role: 'user' | 'model', text: string): object {
  return { role, parts: [{ text }] };
}

export function clientContent(turns: readonly object[], turnComplete: boolean): object {
  return { clientContent: { turns, turnComplete } };
}

export const ACTIVITY_START = { realtimeInput: { activityStart: {} } };
export const ACTIVITY_END = { realtimeInput: { activityEnd: {} } };

export function realtimeText(text: string): object {
  return { realtimeInput: { text } };
}

/** Written by hand: it is made fifty times a second. Base64 needs no escaping. */
export function realtimeAudio(base64: string): string {
  return `{"realtimeInput":{"audio":{"mimeType":"audio/pcm;rate=16000","data":"${base64}"}}}`;
}

export function sayText(text: string): string {
  return `Say exactly these words, nothing before and nothing after them: ${text}`;
}

export function toolResponse(responses: readonly { id: string; name: string; result: string }[]): object {
  return {
    toolResponse: {
      functionResponses: responses.map(({ id, name, result }) => ({ id, name, response: { result } })),
    },
  };
}

/** One message of the server: any of the fields may be there, and what is unknown is ignored. */
export interface LiveMessage {
  readonly setupComplete?: object;
  readonly serverContent?: {
    readonly modelTurn?: {
      readonly parts?: readonly { readonly inlineData?: { readonly mimeType?: string; readonly data?: string } }[];
    };
    readonly inputTranscription?: Transcription;
    readonly outputTranscription?: Transcription;
    readonly interrupted?: boolean;
    readonly turnComplete?: boolean;
  };
  readonly toolCall?: {
    readonly functionCalls?: readonly { readonly id?: string; readonly name?: string; readonly args?: unknown }[];
  };
  readonly toolCallCancellation?: { readonly ids?: readonly string[] };
  readonly goAway?: { readonly timeLeft?: string };
  readonly sessionResumptionUpdate?: { readonly newHandle?: string; readonly resumable?: boolean };
  readonly usageMetadata?: { readonly promptTokenCount?: number; readonly responseTokenCount?: number };
}

export interface Transcription {
  readonly text?: string;
  readonly finished?: boolean;
}
