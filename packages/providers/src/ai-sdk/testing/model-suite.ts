import { inspect } from 'node:util';
import {
  type ChatMessage,
  type LanguageModel,
  type LanguageModelEvent,
  type LanguageModelRequest,
  RapidaError,
} from '@rapida/core';
import { breaksPromise, languageModelConformance } from '@rapida/core/conformance';
import type { VirtualClock } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FakeAnswer, FakeToolCall } from '../../openai-compatible/testing/fake-answers.js';
import type { FakeHttp } from '../../wire/testing/fake-http.js';

export interface ModelSubject {
  readonly fake: FakeHttp;
  readonly clock: VirtualClock;
  readonly llm: LanguageModel;
  /** The same with a key that the vendor does not know. */
  readonly stranger: LanguageModel;
  close(): Promise<void>;
}

/** How one vendor's server says what they all say. */
export interface VendorSpeech {
  readonly start: () => Promise<ModelSubject>;
  readonly answer: (deltas: readonly string[], calls?: readonly FakeToolCall[]) => FakeAnswer;
  readonly refusal: (status: number, message: string) => FakeAnswer;
  /** A stream that has said "Good" and is not over. */
  readonly begun: FakeAnswer;
  /** Statuses that mean other than their number says. */
  readonly statuses?: readonly (readonly [what: string, answer: FakeAnswer, code: string])[];
  /** Streams that go wrong after they began well. */
  readonly inside: readonly (readonly [what: string, answer: FakeAnswer, code: string])[];
  /** "Good morning." with events in between that nobody knows yet. */
  readonly withUnknown: FakeAnswer;
}

export const STRANGE_KEY = 'wrong-key-0123456789';
export const ANSWER_MS = 4_000;
export const STALL_MS = 2_000;

export const RICH_TOOL = {
  name: 'book_table',
  description: 'Books a table',
  parameters: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    additionalProperties: false,
    properties: {
      email: { type: 'string', format: 'email', minLength: 3 },
      guests: { type: 'integer', enum: [2, 4, 6], description: 'How many.' },
      when: { oneOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
      extras: { type: 'array' },
      place: { allOf: [{ type: 'object', properties: { room: { type: 'string', pattern: '^[A-Z]$' } } }] },
      anything: {},
    },
    required: ['email', 'nobody'],
  },
} as const;

export const REQUEST: LanguageModelRequest = {
  instructions: 'You talk with {{caller}}.',
  messages: [{ role: 'user', text: 'Hello' }],
  tools: [
    { name: 'end_call', description: 'Hangs up', parameters: { type: 'object', properties: {} } },
    { name: 'hold', description: 'Waits', parameters: {} },
    {
      name: 'transfer',
      description: 'Connects',
      parameters: { type: 'object', properties: { to: { type: 'string' } } },
    },
    RICH_TOOL,
  ],
  variables: { caller: 'Ada' },
  memo: null,
};

const GREETING: ChatMessage = { role: 'assistant', text: 'Good morning, how can I help you?' };
const ASKED: ChatMessage = { role: 'user', text: 'Sales please' };
const call = (...ids: readonly string[]): ChatMessage => ({
  role: 'assistant',
  text: '',
  toolCalls: ids.map((id) => ({ id, name: 'transfer', args: { to: 'sales' } })),
});
const result = (callId: string, text = 'busy'): ChatMessage => ({
  role: 'tool',
  callId,
  name: 'transfer',
  result: text,
});
/** As another vendor names them: a model takes over in the middle of a call. */
const FOREIGN = 'toolu_01:A.b/very-long-id-that-was-made-by-another-vendor-0123456789';

/** What happens on the telephone. */
export const HISTORIES: readonly (readonly [string, Partial<LanguageModelRequest>])[] = [
  ['that begins with our greeting', { messages: [GREETING, ASKED] }],
  ['in which nothing was said yet', { messages: [] }],
  ['in which the caller is silent', { messages: [GREETING, ASKED, { role: 'assistant', text: 'One moment. ' }] }],
  ['without instructions', { instructions: ' ' }],
  [
    'in which one speaks twice, or not at all',
    {
      messages: [
        GREETING,
        { role: 'assistant', text: 'Are you there?' },
        { role: 'assistant', text: '  ' },
        ASKED,
        { role: 'user', text: '12', via: 'dtmf' },
        { role: 'user', text: '', rejected: true },
      ],
    },
  ],
  ['with a tool and its result', { messages: [GREETING, ASKED, call('abcdef123'), result('abcdef123')] }],
  ['that begins with a call of a tool', { messages: [GREETING, call('abcdef123'), result('abcdef123')] }],
  ['with two calls at once, one without a result', { messages: [ASKED, call('a', 'b'), result('b', '')] }],
  ['with the calls of another vendor', { messages: [ASKED, call(FOREIGN), result(FOREIGN)] }],
  ['in which the caller speaks into a tool', { messages: [ASKED, call('abcdef123'), result('abcdef123'), ASKED] }],
  [
    'with calls one after the other',
    { messages: [ASKED, call('a'), result('a'), { role: 'assistant', text: 'Again.' }, call('b'), result('b')] },
  ],
  ['with a tool that is no longer there', { messages: [ASKED, call('a'), result('a'), GREETING, ASKED], tools: [] }],
  [
    'that goes on after a false interruption',
    { messages: [ASKED, { ...GREETING, interrupted: true }], continuing: true },
  ],
];

export async function collect(
  llm: LanguageModel,
  request: Partial<LanguageModelRequest> = {},
): Promise<LanguageModelEvent[]> {
  const all: LanguageModelEvent[] = [];
  for await (const event of llm.generate({ ...REQUEST, ...request }, new AbortController().signal)) all.push(event);
  return all;
}

export async function failureOf(llm: LanguageModel, request: Partial<LanguageModelRequest> = {}): Promise<RapidaError> {
  const thrown = await collect(llm, request).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(RapidaError);
  return thrown as RapidaError;
}

export function textOf(events: readonly LanguageModelEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
}

/** What every vendor's model does, beside the promises of its contract. */
export function modelSuite(name: string, speech: VendorSpeech): void {
  const { answer, start } = speech;
  describe(`${name}: a model of a vendor`, () => {
    let subject: ModelSubject;
    beforeEach(async () => {
      subject = await start();
    });
    afterEach(() => subject.close());
    answering(() => subject, speech);
    failing(() => subject, speech);
  });
  conforming(name, start, { overloaded: speech.refusal(503, 'overloaded'), begun: speech.begun });
  breaking(name, start, speech);
  languageModelConformance(`${name}, 7 bytes at a time`, () =>
    conformanceSubject(start, { ...answer(['Good', ' morning', '.']), chunkBytes: 7 }),
  );
}

function answering(subject: () => ModelSubject, { answer, withUnknown }: VendorSpeech): void {
  it.each(HISTORIES)('answers in a conversation %s', async (_, request) => {
    expect(textOf(await collect(subject().llm, request))).toBe('Good morning.');
  });

  it('fills the variables into the instructions', async () => {
    await collect(subject().llm);
    expect(subject().fake.requests[0]?.text).toContain('You talk with Ada.');
  });

  it('yields the deltas as the server sent them, then the usage', async () => {
    expect(await collect(subject().llm)).toEqual([
      { type: 'text', text: 'Good' },
      { type: 'text', text: ' morning' },
      { type: 'text', text: '.' },
      { type: 'usage', inputTokens: 12, outputTokens: 3 },
    ]);
  });

  it('yields calls of tools whole, two at once, after text, cut into single bytes', async () => {
    const calls = [
      { id: 'call00001', name: 'transfer', argumentsJson: '{"to":"sales ü"}' },
      { id: 'call00002', name: 'end_call', argumentsJson: '{}' },
    ];
    subject().fake.script({ ...answer(['One moment.'], calls), chunkBytes: 1 });
    expect(await collect(subject().llm)).toEqual([
      { type: 'text', text: 'One moment.' },
      { type: 'tool-call', call: { id: expect.any(String), name: 'transfer', args: { to: 'sales ü' } } },
      { type: 'tool-call', call: { id: expect.any(String), name: 'end_call', args: {} } },
      { type: 'usage', inputTokens: 12, outputTokens: 3 },
    ]);
  });

  it('does not mind events that it does not know', async () => {
    subject().fake.script(withUnknown);
    expect(textOf(await collect(subject().llm))).toBe('Good morning.');
  });

  it('waits for a server that is slow to begin', async () => {
    subject().fake.script({ ...answer(['Good morning.']), after: new Promise((resolve) => setImmediate(resolve)) });
    expect(textOf(await collect(subject().llm))).toBe('Good morning.');
  });
}

function failing(subject: () => ModelSubject, { answer, refusal, begun, inside, statuses = [] }: VendorSpeech): void {
  const limited = refusal(429, 'slow down');
  const unknownTool = answer([], [{ id: 'call00001', name: 'launch', argumentsJson: '{}' }]);
  it.each<readonly [string, FakeAnswer, string]>([
    ['a refused request', refusal(400, 'bad'), 'provider_rejected'],
    ['a model that does not exist', refusal(404, 'no such model'), 'provider_rejected'],
    ['a forbidden one', refusal(403, 'no'), 'provider_auth'],
    ['too many', { ...limited, headers: { ...limited.headers, 'retry-after': '7' } }, 'provider_rate_limited'],
    ['a server error', refusal(500, 'oops'), 'provider_unavailable'],
    ['an overloaded server', refusal(529, 'overloaded'), 'provider_unavailable'],
    ['a page of a proxy', { ...refusal(502, ''), body: '<html>' }, 'provider_unavailable'],
    ['a connection broken at once', { ...begun, ending: 'disconnect-first' }, 'provider_unavailable'],
    ['a connection broken in the middle', { ...begun, ending: 'disconnect' }, 'provider_unavailable'],
    ['an answer that just ends', begun, 'provider_protocol'],
    ['an empty answer', { ...begun, body: '' }, 'provider_protocol'],
    ['an answer of another protocol', { ...begun, body: 'data: {"choices":"none"}\n\n' }, 'provider_protocol'],
    ['a call of an unknown tool', unknownTool, 'provider_protocol'],
    ...inside,
    ...statuses,
  ])('throws for %s, after one attempt', async (_, scripted, code) => {
    subject().fake.script(scripted);
    expect((await failureOf(subject().llm)).code).toBe(code);
    expect(subject().fake.requests.length).toBe(1);
    expect(subject().clock.pendingTimers).toBe(0);
  });

  it('keeps a key that was refused out of the error', async () => {
    const error = await failureOf(subject().stranger);
    expect(error.code).toBe('provider_auth');
    expect(inspect(error, { depth: 9 })).not.toContain(STRANGE_KEY);
  });

  it('prints nothing', async () => {
    const prints = (['error', 'warn', 'info', 'log'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => {}),
    );
    subject().fake.script(refusal(500, 'oops'));
    await failureOf(subject().llm);
    await collect(subject().llm, { messages: [ASKED, call(FOREIGN), result(FOREIGN)] });
    for (const print of prints) {
      expect(print).not.toHaveBeenCalled();
      print.mockRestore();
    }
  });

  it('times out by the clock when the stream stalls, and ends the request', async () => {
    const { fake, llm, clock } = subject();
    fake.script({ ...begun, ending: 'stall' });
    const iterator = llm.generate(REQUEST, new AbortController().signal)[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toEqual({ type: 'text', text: 'Good' });
    const stalled = expect(iterator.next()).rejects.toMatchObject({ code: 'provider_timeout' });
    await clock.advance(2 * STALL_MS);
    await stalled;
    expect(await fake.requests[0]?.over).toBe('cut');
  });
}

async function conformanceSubject(start: () => Promise<ModelSubject>, standing?: FakeAnswer) {
  const subject = await start();
  if (standing !== undefined) subject.fake.always(standing);
  return { ...subject, request: REQUEST, expected: /^Good morning\.$/ };
}

function conforming(
  name: string,
  start: () => Promise<ModelSubject>,
  { overloaded, begun }: { readonly overloaded: FakeAnswer; readonly begun: FakeAnswer },
): void {
  languageModelConformance(name, () => conformanceSubject(start), {
    started: ({ fake }) => fake.requests.length,
    makeFailing: () => conformanceSubject(start, overloaded),
    stalled: {
      make: () => conformanceSubject(start, { ...begun, ending: 'stall' }),
      reached: ({ fake }) => fake.arrived(1),
      ended: async ({ fake }) => {
        if ((await fake.requests[0]?.over) !== 'cut') throw new Error('the request was not ended');
      },
    },
  });
}

/** That the promises above can be broken: by a vendor that says something else, or nothing, or answers where it should fail. */
function breaking(name: string, start: () => Promise<ModelSubject>, { answer }: VendorSpeech): void {
  breaksPromise('another answer', /^(answers with text|gives each of two answers)/, () =>
    languageModelConformance(name, () => conformanceSubject(start, answer(['Good evening.']))),
  );
  breaksPromise('silence', /^(answers with text|does not alter the request)/, () =>
    languageModelConformance(name, () => conformanceSubject(start, answer([]))),
  );
  breaksPromise('an answer where a failure is owed', /^throws a RapidaError/, () =>
    languageModelConformance(name, () => conformanceSubject(start), { makeFailing: () => conformanceSubject(start) }),
  );
}
