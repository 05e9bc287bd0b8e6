import { type LanguageModelEvent, type LanguageModelRequest, RapidaError } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chatAnswer, chatDelta, eventStream, type FakeAnswer, jsonAnswer } from './testing/fake-answers.js';
import { errorAnswer } from './testing/fake-openai.js';
import { type FakeSubject, STALL_MS, startSubject } from './testing/subject.js';

const PATH = '/chat/completions';
const REQUEST: LanguageModelRequest = {
  instructions: 'You talk with {{caller}}.',
  messages: [{ role: 'user', text: 'Hello' }],
  tools: [
    {
      name: 'transfer',
      description: 'Connects the caller',
      parameters: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'] },
    },
  ],
  variables: { caller: 'Ada' },
  memo: null,
};

let subject: FakeSubject;

beforeEach(async () => {
  subject = await startSubject();
});

afterEach(() => subject.close());

function generate(request = REQUEST, llm = subject.llm): AsyncIterable<LanguageModelEvent> {
  return llm.generate(request, new AbortController().signal);
}

async function collect(events: AsyncIterable<LanguageModelEvent>): Promise<LanguageModelEvent[]> {
  const all: LanguageModelEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

async function failureOf(events: AsyncIterable<LanguageModelEvent>): Promise<RapidaError> {
  const thrown = await collect(events).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(RapidaError);
  return thrown as RapidaError;
}

describe('a request', () => {
  it('carries instructions with the variables filled in, messages, tools and settings', async () => {
    await collect(generate());
    expect(subject.fake.requests[0]?.body).toMatchObject({
      model: 'gpt-4o-mini',
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.4,
      max_tokens: 400,
      messages: [
        { role: 'system', content: 'You talk with Ada.' },
        { role: 'user', content: 'Hello' },
      ],
      tools: [{ type: 'function', function: { name: 'transfer', parameters: REQUEST.tools[0]!.parameters } }],
    });
  });

  it('carries earlier tool calls and their results', async () => {
    await collect(
      generate({
        ...REQUEST,
        messages: [
          { role: 'user', text: 'Sales please' },
          { role: 'assistant', text: '', toolCalls: [{ id: 'c1', name: 'transfer', args: { to: 'sales' } }] },
          { role: 'tool', callId: 'c1', name: 'transfer', result: 'busy' },
        ],
      }),
    );
    expect((subject.fake.requests[0]!.body.messages as unknown[]).slice(2)).toMatchObject([
      { role: 'assistant', tool_calls: [{ id: 'c1', function: { name: 'transfer', arguments: '{"to":"sales"}' } }] },
      { role: 'tool', tool_call_id: 'c1', content: 'busy' },
    ]);
  });

  it('names no tools where there are none', async () => {
    await collect(generate({ ...REQUEST, tools: [] }));
    expect(subject.fake.requests[0]?.body).not.toHaveProperty('tools');
  });
});

describe('an answer', () => {
  it('comes as the deltas the server sent, then the usage', async () => {
    expect(await collect(generate())).toEqual([
      { type: 'text', text: 'Good' },
      { type: 'text', text: ' morning' },
      { type: 'text', text: '.' },
      { type: 'usage', inputTokens: 12, outputTokens: 3 },
    ]);
  });

  it('brings tool calls whole, also after text and cut into single bytes', async () => {
    const calls = [
      { id: 'c1', name: 'transfer', argumentsJson: '{"to":"sales ü"}' },
      { id: 'c2', name: 'transfer', argumentsJson: '{"to":"support"}' },
    ];
    subject.fake.script(PATH, { ...chatAnswer(['One moment.'], calls), chunkBytes: 1 });
    expect(await collect(generate())).toEqual([
      { type: 'text', text: 'One moment.' },
      { type: 'tool-call', call: { id: 'c1', name: 'transfer', args: { to: 'sales ü' } } },
      { type: 'tool-call', call: { id: 'c2', name: 'transfer', args: { to: 'support' } } },
      { type: 'usage', inputTokens: 12, outputTokens: 3 },
    ]);
  });

  it('prints nothing when it fails', async () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {});
    subject.fake.script(PATH, errorAnswer(500, 'oops', 'server_error', null));
    await failureOf(generate());
    expect(print).not.toHaveBeenCalled();
    print.mockRestore();
  });
});

describe('failures', () => {
  const streamed = (...payloads: string[]) => eventStream([chatDelta('Good'), ...payloads]);
  const error = (type: string) => JSON.stringify({ error: { message: 'no', type, param: null, code: null } });
  const call = (name: string, argumentsJson: string) => chatAnswer([], [{ id: 'c1', name, argumentsJson }]);

  it.each<[string, FakeAnswer, string]>([
    ['a refused request', errorAnswer(400, 'bad', 'invalid_request_error', null), 'provider_rejected'],
    ['a forbidden one', errorAnswer(403, 'no', 'x', null), 'provider_auth'],
    ['too many requests', errorAnswer(429, 'slow', 'requests', 'rate_limit_exceeded'), 'provider_rate_limited'],
    ['a server error', { ...jsonAnswer(502, {}), body: '<html>' }, 'provider_unavailable'],
    ['a connection broken at once', { ...streamed(), ending: 'disconnect-first' }, 'provider_unavailable'],
    ['a connection broken in the middle', { ...streamed(), ending: 'disconnect' }, 'provider_unavailable'],
    ['a server error in the middle', streamed(error('server_error')), 'provider_unavailable'],
    ['a rate limit in the middle', streamed(error('rate_limit_exceeded')), 'provider_rate_limited'],
    ['an event that is not JSON', streamed('{"id":'), 'provider_protocol'],
    ['an event of another protocol', streamed('{"choices":"none"}'), 'provider_protocol'],
    ['an end without a finish reason', streamed('[DONE]'), 'provider_protocol'],
    ['an empty answer', { ...eventStream([]), body: '' }, 'provider_protocol'],
    ['a tool call with broken arguments', call('transfer', '{"to":'), 'provider_protocol'],
    ['a tool call with a list of arguments', call('transfer', '[1]'), 'provider_protocol'],
    ['a call of an unknown tool', call('launch', '{}'), 'provider_protocol'],
  ])('throws for %s', async (_, answer, code) => {
    subject.fake.script(PATH, answer);
    expect((await failureOf(generate())).code).toBe(code);
    expect(subject.clock.pendingTimers).toBe(0);
  });

  it('makes one attempt only', async () => {
    subject.fake.always(PATH, errorAnswer(503, 'overloaded', 'server_error', null));
    await failureOf(generate());
    expect(subject.fake.requests.length).toBe(1);
  });

  it('throws for an unknown model, naming it', async () => {
    const error = await failureOf(generate(REQUEST, subject.llmOf('unknown-model')));
    expect(error.code).toBe('provider_rejected');
    expect(error.message).toContain('unknown-model');
  });

  it('times out by the clock when the stream stalls', async () => {
    subject.fake.script(PATH, { ...streamed(), ending: 'stall' });
    const iterator = generate()[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toEqual({ type: 'text', text: 'Good' });
    const failing = expect(iterator.next()).rejects.toMatchObject({ code: 'provider_timeout' });
    await subject.clock.advance(2 * STALL_MS);
    await failing;
    expect(await subject.fake.requests[0]?.over).toBe('cut');
  });
});
