import type { ChatMessage, RealtimeOf, RealtimeOptions, ToolDefinition } from '@rapida/core';
import { fillIn } from '../wire/fill-in.js';

/** What is sent to OpenAI's Realtime API, and the fields that are read of what comes back. */

/** Events that refer to one of ours carry its id: a failure of these is told apart from one that can be ignored. */
export const SETUP_EVENT = 'setup';
export const turnEvent = (turn: number): string => `turn_${turn}`;
export const answerEvent = (answer: number): string => `answer_${answer}`;

/** On a telephone line the vendor is given what is on the line; 24 kHz is the only other rate it knows. */
export type WireFormat = { readonly type: 'audio/pcmu' } | { readonly type: 'audio/pcm'; readonly rate: 24_000 };

export function formatOf(lineRateHz: number): WireFormat {
  return lineRateHz === 8_000 ? { type: 'audio/pcmu' } : { type: 'audio/pcm', rate: 24_000 };
}

export function sessionUpdate(config: RealtimeOf<'openai'>, options: RealtimeOptions, format: WireFormat): object {
  const [language] = options.language.split('-');
  return {
    type: 'session.update',
    event_id: SETUP_EVENT,
    session: {
      type: 'realtime',
      output_modalities: ['audio'],
      instructions: fillIn(options.instructions, options.variables),
      tools: options.tools.map(toolOf),
      tool_choice: 'auto',
      audio: {
        // Turns are ours: without this the vendor would answer, and interrupt, by itself.
        input: { format, turn_detection: null, transcription: { model: config.transcriptionModel, language } },
        output: { format, voice: config.voice },
      },
    },
  };
}

function toolOf({ name, description, parameters }: ToolDefinition): object {
  return { type: 'function', name, description, parameters };
}

export function historyItems(history: readonly ChatMessage[]): object[] {
  return history.flatMap((message) => {
    if (message.role === 'tool' || message.text === '') return [];
    return [message.role === 'user' ? userText(message.text) : assistantText(message.text)];
  });
}

export function userText(text: string): object {
  return itemCreate({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
}

export function assistantText(text: string): object {
  return itemCreate({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] });
}

export function callOutput(callId: string, output: string): object {
  return itemCreate({ type: 'function_call_output', call_id: callId, output });
}

function itemCreate(item: object): object {
  return { type: 'conversation.item.create', item };
}

/** Written by hand: it is made fifty times a second. Base64 needs no escaping. */
export function audioAppend(base64: string): string {
  return `{"type":"input_audio_buffer.append","audio":"${base64}"}`;
}

export function commitTurn(turn: number): object {
  return { type: 'input_audio_buffer.commit', event_id: turnEvent(turn) };
}

export const CLEAR_INPUT = { type: 'input_audio_buffer.clear' };

export function createResponse(answer: number): object {
  return { type: 'response.create', event_id: answerEvent(answer) };
}

/** Its own context, so that nothing that was said before leads the model away from the text; what it says is remembered. */
export function sayResponse(answer: number, text: string): object {
  return {
    type: 'response.create',
    event_id: answerEvent(answer),
    response: {
      instructions:
        'You read out texts on the telephone. Say exactly the words of the text, nothing before and nothing after.',
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text }] }],
      tools: [],
      tool_choice: 'none',
    },
  };
}

export function cancelResponse(responseId: string): object {
  return { type: 'response.cancel', response_id: responseId };
}

export function truncateItem(itemId: string, playedMs: number): object {
  return {
    type: 'conversation.item.truncate',
    item_id: itemId,
    content_index: 0,
    audio_end_ms: Math.floor(playedMs),
  };
}

export function deleteItem(itemId: string): object {
  return { type: 'conversation.item.delete', item_id: itemId };
}

/** Of what comes, in one shape: every field may be missing, and what is unknown is ignored. */
export interface ServerEvent {
  readonly type?: string;
  readonly response_id?: string;
  readonly item_id?: string;
  readonly delta?: string;
  readonly transcript?: string;
  readonly item?: {
    readonly id?: string;
    readonly type?: string;
    readonly call_id?: string;
    readonly name?: string;
    readonly arguments?: string;
  };
  readonly response?: {
    readonly id?: string;
    readonly status?: string;
    readonly status_details?: { readonly error?: VendorError | null } | null;
    readonly usage?: { readonly input_tokens?: number; readonly output_tokens?: number } | null;
  };
  readonly error?: VendorError;
}

export interface VendorError {
  readonly type?: string;
  readonly code?: string | null;
  readonly message?: string;
  readonly event_id?: string | null;
}
