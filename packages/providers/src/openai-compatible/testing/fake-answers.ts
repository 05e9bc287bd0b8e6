import { pcm16ToBytes, tone } from '@rapida/audio';
import { type FakeAnswer, jsonAnswer } from '../../wire/testing/fake-http.js';

export { type FakeAnswer, jsonAnswer };

export function transcriptionAnswer(text: string): FakeAnswer {
  return jsonAnswer(200, { text });
}

export interface FakeToolCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote it; sent in two halves. */
  readonly argumentsJson: string;
}

/** A stream of `chat.completion.chunk` events, the last with the usage, then `[DONE]`. */
export function chatAnswer(deltas: readonly string[], toolCalls: readonly FakeToolCall[] = []): FakeAnswer {
  const choices = [
    { delta: { role: 'assistant', content: '' }, finish_reason: null },
    ...deltas.map((content) => ({ delta: { content }, finish_reason: null })),
    ...toolCalls.flatMap(toolCallDeltas).map((call) => ({ delta: { tool_calls: [call] }, finish_reason: null })),
    { delta: {}, finish_reason: toolCalls.length > 0 ? 'tool_calls' : 'stop' },
  ];
  const chunks = choices.map((choice) => chunk([{ index: 0, logprobs: null, ...choice }], null));
  const usage = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 };
  return eventStream([...chunks, chunk([], usage), '[DONE]']);
}

/** Server-sent events with these payloads. */
export function eventStream(payloads: readonly string[]): FakeAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    body: payloads.map((payload) => `data: ${payload}\n\n`).join(''),
  };
}

/** One delta of text, as a payload for {@link eventStream}. */
export function chatDelta(content: string): string {
  return chunk([{ index: 0, delta: { content }, finish_reason: null }], null);
}

function toolCallDeltas({ id, name, argumentsJson }: FakeToolCall, index: number) {
  const half = Math.ceil(argumentsJson.length / 2);
  return [
    { index, id, type: 'function', function: { name, arguments: '' } },
    { index, function: { arguments: argumentsJson.slice(0, half) } },
    { index, function: { arguments: argumentsJson.slice(half) } },
  ];
}

function chunk(choices: readonly object[], usage: object | null): string {
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_790_000_000, model: 'gpt-4o-mini' };
  return JSON.stringify({ ...head, choices, usage });
}

/** The sound of the fake voice: 1 kHz, 6 dB below full scale, as OpenAI's `pcm`: 24 kHz, no header. */
export function speechAnswer(soundMs: number): FakeAnswer {
  const samples = tone({ hz: 1_000, rateHz: 24_000, ms: soundMs, dbfs: -6 });
  return { status: 200, headers: { 'content-type': 'audio/pcm' }, body: pcm16ToBytes(samples) };
}
