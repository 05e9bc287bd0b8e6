import { inspect } from 'node:util';
import { VirtualClock } from '@rapida/core/testing';
import { expect, it } from 'vitest';
import { RapidaApiError } from './api-error.js';
import { Rapida } from './rapida.js';
import { clientOf, createFakeServer, KEY, type Step, URL_OF_FAKE } from './testing/fake-server.js';

const CALL: Step = { body: { id: '1', state: 'queued' } };
const PLACED: Step = { body: { code: 200, success: true, data: { id: '1', contextId: 'c', status: 'queued' } } };
const AWAY: Step = { status: 503, body: { error: 'Later.', code: 'draining' } };
const GONE: Step = { failure: new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } }) };
const ORDER = { assistantId: '7', to: '+15551234567' };

function asking(steps: readonly Step[], ask: (client: Rapida) => Promise<unknown>, retries = 2) {
  const clock = new VirtualClock();
  const server = createFakeServer(...steps);
  const outcome = ask(clientOf(server, clock, { retries })).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  return { clock, server, outcome };
}

/** What came of it, with time enough for every pause and time-out. */
async function outcomeOf(steps: readonly Step[], ask: (client: Rapida) => Promise<unknown>, retries = 2) {
  const { clock, server, outcome } = asking(steps, ask, retries);
  await clock.advance(200_000);
  expect(clock.pendingTimers).toBe(0);
  return { ...(await outcome), tries: server.asked.length, asked: server.asked } as {
    value?: unknown;
    error?: RapidaApiError;
    tries: number;
    asked: typeof server.asked;
  };
}

const get = (client: Rapida) => client.calls.get('1');

it('sends the key, JSON, and parts of the path that are text', async () => {
  const { asked } = await outcomeOf([{ body: { id: '1' } }], (client) => client.assistants.save('a/b', { name: 'x' }));
  expect(asked).toEqual([
    {
      ...{ method: 'PUT', path: '/v1/assistants/a%2Fb', body: { name: 'x' }, redirect: 'manual' },
      headers: { 'x-api-key': KEY, 'content-type': 'application/json' },
    },
  ]);
});

it.each<[string, Step]>([
  ['that cannot be reached', GONE],
  ['that drains', AWAY],
  ['that is too busy', { status: 429 }],
  ['behind a proxy that lost it', { status: 502, body: '<html>' }],
  ['that does not answer in time', 'silence'],
])('reads again from a server %s', async (_what, step) => {
  const { value, tries } = await outcomeOf([step, step, CALL], get);
  expect(value).toMatchObject({ id: '1' });
  expect(tries).toBe(3);
});

it('gives up after its tries, with the error of the last', async () => {
  const { error, tries } = await outcomeOf([GONE, AWAY], get, 3);
  expect(tries).toBe(4);
  expect(error).toMatchObject({ status: 503, code: 'draining', retryable: true, message: 'Later. (draining)' });
});

it('tries once where it shall', async () => {
  expect(await outcomeOf([AWAY], get, 0)).toMatchObject({ tries: 1, error: { code: 'draining' } });
});

it.each<[number, string]>([
  [400, 'invalid_request'],
  [401, 'key_invalid'],
  [404, 'call_not_found'],
  [409, 'call_ended'],
  [500, 'internal'],
  [502, 'ari_unauthorized'],
])('does not ask again after %i %s', async (status, code) => {
  const { tries, error } = await outcomeOf([{ status, body: { error: 'No.', code } }], get);
  expect(tries).toBe(1);
  expect(error).toMatchObject({ status, code, text: 'No.', retryable: false });
});

it('replaces and removes again, which does no more than once', async () => {
  const save = await outcomeOf([GONE, { body: { id: '1' } }], (client) => client.webhooks.save('1', { url: 'x' }));
  const remove = await outcomeOf([GONE, { status: 204 }], (client) => client.webhooks.remove('1'));
  expect([save.tries, remove.tries]).toEqual([2, 2]);
});

it.each<[string, (client: Rapida) => Promise<unknown>]>([
  ['say', (client) => client.calls.say('1', 'Hello.')],
  ['hang up', (client) => client.calls.hangup('1')],
  ['register', (client) => client.calls.register({ assistantId: '1', from: '1' })],
  ['make a key', (client) => client.keys.create({ name: 'x', scopes: ['calls'] })],
])('does not %s twice: it may have been done', async (_what, ask) => {
  expect(await outcomeOf([GONE], ask)).toMatchObject({ tries: 1, error: { code: 'unreachable', status: 0 } });
});

it('places a call again under the key of the first try', async () => {
  const { asked, value } = await outcomeOf([GONE, AWAY, PLACED], (client) => client.calls.create(ORDER));
  expect(value).toEqual({ id: '1', contextId: 'c', status: 'queued' });
  const keys = asked.map(({ headers }) => headers['idempotency-key']);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys).toEqual([keys[0], keys[0], keys[0]]);
  const other = await outcomeOf([PLACED], (client) => client.calls.create(ORDER));
  expect(other.asked[0]?.headers['idempotency-key']).not.toBe(keys[0]);
});

it('sends an order as the server takes it', async () => {
  const { asked } = await outcomeOf([PLACED], (client) =>
    client.calls.create(
      { ...ORDER, from: '+4930', metadata: { order: 12 }, notBefore: new Date(0), attempts: 2, retryOn: ['busy'] },
      { idempotencyKey: 'mine' },
    ),
  );
  expect(asked[0]).toMatchObject({
    ...{ method: 'POST', path: '/v1/talk/create-phone-call' },
    headers: { 'idempotency-key': 'mine' },
  });
  expect(asked[0]?.body).toEqual({
    assistant: { assistantId: '7', version: 'latest' },
    ...{ toNumber: '+15551234567', fromNumber: '+4930', metadata: { order: 12 } },
    options: { notBefore: '1970-01-01T00:00:00.000Z', attempts: 2, retryOn: ['busy'] },
  });
});

it('sends which version speaks in a call, and what that call has otherwise', async () => {
  const overrides = {
    greeting: 'Hi',
    instructions: 'Be brief.',
    tts: { speed: 1.2 },
    recording: { enabled: false },
  } as const;
  const { asked } = await outcomeOf([PLACED], (client) => client.calls.create({ ...ORDER, version: 7, overrides }));
  expect(asked[0]?.body).toMatchObject({ assistant: { version: '7' }, options: { overrides } });
});

it.each<[string, (client: Rapida) => Promise<unknown>]>([
  ['GET /v1/assistants/7/versions?limit=1', (c) => c.assistants.versions('7', { limit: 1 })],
  ['GET /v1/assistants/7/versions/2', (c) => c.assistants.getVersion('7', 2)],
  ['POST /v1/assistants/7/versions', (c) => c.assistants.addVersion('7', { name: 'x' })],
  ['POST /v1/assistants/7/versions/2/publish', (c) => c.assistants.publish('7', 2)],
])('asks %s of a version', async (route, ask) => {
  const { asked } = await outcomeOf([{ body: {} }], ask);
  expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([route]);
});

it('waits as long as the server asks', async () => {
  const { clock, server, outcome } = asking([{ ...AWAY, headers: { 'retry-after': '40' } }, CALL], get);
  await clock.advance(39_999);
  expect(server.asked).toHaveLength(1);
  await clock.advance(1);
  expect(await outcome).toMatchObject({ value: { id: '1' } });
});

it('does not wait for a server that asks for more than a minute', async () => {
  const { tries, error } = await outcomeOf([{ ...AWAY, headers: { 'retry-after': '61' } }], get);
  expect(tries).toBe(1);
  expect(error).toMatchObject({ code: 'draining', retryAfterMs: 61_000 });
});

it('says that the time is up', async () => {
  const { clock, outcome } = asking(['silence'], get, 0);
  await clock.advance(29_999);
  expect(clock.pendingTimers).toBe(1);
  await clock.advance(1);
  expect(await outcome).toMatchObject({
    error: { code: 'timeout', status: 0, retryable: true, text: `no answer from ${URL_OF_FAKE} within 30 s` },
  });
});

it('ends with the reason of the signal, while it asks and while it pauses', async () => {
  for (const [step, afterMs] of [
    ['silence', 100],
    [{ ...AWAY, headers: { 'retry-after': '9' } }, 1_000],
  ] as const) {
    const away = new AbortController();
    const { clock, server, outcome } = asking([step], (client) => client.calls.get('1', { signal: away.signal }));
    await clock.advance(afterMs);
    away.abort(new Error('enough'));
    expect(await outcome).toEqual({ error: new Error('enough') });
    expect([server.asked.length, clock.pendingTimers]).toEqual([1, 0]);
  }
});

it('asks nothing for a signal that was aborted before', async () => {
  const { tries, error } = await outcomeOf([CALL], (client) => client.calls.get('1', { signal: AbortSignal.abort() }));
  expect([tries, error?.name]).toEqual([0, 'AbortError']);
});

it.each<[string, unknown, string, string]>([
  ['the plain form', { error: 'No such call.', code: 'call_not_found' }, 'call_not_found', 'No such call.'],
  [
    'the envelope of talk, with the code of the other routes',
    envelope('phoneCalls[2]: It is none.', 'number_invalid: phoneCalls[2]: It is none.'),
    'number_invalid',
    'phoneCalls[2]: It is none.',
  ],
  ['an envelope without that code', envelope('Too many.', ''), '1002006', 'Too many.'],
  ['an envelope for programs only', envelope('', 'queue_full: Too many.'), 'queue_full', 'queue_full: Too many.'],
  [
    'an envelope without its error',
    { code: 400, success: false, error: null },
    'http_error',
    'the server answered 400',
  ],
  ['no JSON that is known', ['?'], 'http_error', 'the server answered 400'],
  ['an error without a code', { error: 'x' }, 'http_error', 'the server answered 400'],
  ['no JSON', '<html>', 'http_error', 'the server answered 400'],
  ['no body', undefined, 'http_error', 'the server answered 400'],
  ['more than anybody reads', 'x'.repeat(70_000), 'http_error', 'the server answered 400'],
])('says why it failed: %s', async (_what, body, code, text) => {
  const { error } = await outcomeOf([{ status: 400, body }], get);
  expect(error).toBeInstanceOf(RapidaApiError);
  expect(error).toMatchObject({ status: 400, code, text, message: `${text} (${code})` });
});

it('does not take for an answer what is none', async () => {
  expect(await outcomeOf([{ body: '<html>' }], get)).toMatchObject({ error: { code: 'answer_invalid' } });
});

it('follows no redirect: the key would go with it', async () => {
  const { error, tries } = await outcomeOf([{ status: 302, headers: { location: 'http://elsewhere/' } }], get);
  expect(error).toMatchObject({ code: 'redirected', status: 302, retryable: false });
  expect(tries).toBe(1);
});

it('never shows the key', async () => {
  const failures: Step[] = [
    { failure: new TypeError(`header ${KEY}`, { cause: new Error(KEY) }) },
    { status: 400, body: { error: `What is ${KEY}?`, code: KEY } },
    { status: 401, body: KEY },
    { body: KEY },
  ];
  for (const failure of failures) {
    const { error } = await outcomeOf([failure], get);
    expect(error).toBeInstanceOf(RapidaApiError);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(KEY);
  }
  const client = clientOf(createFakeServer(), new VirtualClock());
  expect(inspect(client, { depth: 10, showHidden: true }) + JSON.stringify(client)).not.toContain(KEY);
});

it.each([
  ['no address', { url: 'pbx-ai' }, /^url: /],
  ['another protocol', { url: 'ftp://pbx-ai' }, /^url: /],
  ['a password in the address', { url: 'http://a:secret-1@pbx-ai' }, /^url: /],
  ['a key in the address', { url: 'http://pbx-ai?x-api-key=secret-1' }, /^url: /],
  ['a key with a line end', { url: 'http://a', apiKey: 'secret-1\n' }, /^apiKey: /],
  ['no time', { url: 'http://a', timeoutMs: 0 }, /^timeoutMs: /],
  ['half a try', { url: 'http://a', retries: 0.5 }, /^retries: /],
  ['tries without end', { url: 'http://a', retries: 11 }, /^retries: .* 0 to 10$/],
])('refuses %s without quoting it', (_what, options, message) => {
  let thrown: unknown;
  try {
    new Rapida(options);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(TypeError);
  expect((thrown as TypeError).message).toMatch(message);
  expect((thrown as TypeError).message).not.toContain('secret-1');
});

it('takes an address with a path before it, with or without a slash', () => {
  expect(new Rapida({ url: 'https://a.example/rapida/' }).url).toBe('https://a.example/rapida');
});

function envelope(humanMessage: string, errorMessage: string): object {
  return { code: 400, success: false, error: { errorCode: '1002006', errorMessage, humanMessage } };
}
