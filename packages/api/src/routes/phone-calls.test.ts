import { RapidaError } from '@rapida/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { createFakeUseCases, type FakeUseCases, KEYS, PROJECT } from '../testing/fake-use-cases.js';

let api: ApiUnderTest;
afterEach(() => api.close());

function start(overrides: Parameters<typeof createFakeUseCases>[0] = {}): FakeUseCases {
  const useCases = createFakeUseCases(overrides);
  api = createApiUnderTest(useCases);
  return useCases;
}

const ONE = '/v1/talk/create-phone-call';
const BULK = '/v1/talk/create-bulk-phone-call';
const ROUTES = [ONE, BULK] as const;

const CALL = { assistant: { assistantId: '1', version: 'latest' }, toNumber: '+15551230000' };
const ORDER = {
  assistantId: '1',
  version: 'latest',
  toNumber: '+15551230000',
  fromNumber: '',
  metadata: {},
  args: {},
  options: {},
};

/** `payload` as text is sent as it is. */
function post(url: string, payload: object | string, headers: Record<string, string> = {}) {
  const all = { 'x-api-key': KEYS.calls, 'content-type': 'application/json', ...headers };
  return api.fastify.inject({ method: 'POST', url, headers: all, payload });
}

function envelope(status: number, number: string, code: string, text: unknown = expect.any(String)) {
  const errorMessage = typeof text === 'string' ? `${code}: ${text}` : expect.stringMatching(`^${code}: `);
  return { code: status, success: false, error: { errorCode: number, errorMessage, humanMessage: text } };
}

describe('placing one call', () => {
  it('answers with its id, its context and its state', async () => {
    start();
    const answer = await post(ONE, CALL);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      code: 200,
      success: true,
      data: { id: '41', contextId: '0b7c1c1e-7f0a-4c53-9d1f-3f6f1f0f9a41', status: 'queued' },
    });
  });

  it('orders what was sent', async () => {
    const { asked } = start();
    const sent = {
      ...CALL,
      fromNumber: 'Sales <+15550001111>',
      metadata: { campaign: 'spring', tries: 2 },
      args: { name: 'Ann', nested: { deep: [1, null] } },
      options: { ringSeconds: 20 },
    };
    expect((await post(ONE, sent, { 'idempotency-key': 'order 17' })).statusCode).toBe(200);
    const { fromNumber, metadata, args, options } = sent;
    expect(asked).toEqual([
      ['outbound.place', PROJECT, [{ ...ORDER, fromNumber, metadata, args, options }], 'order 17'],
    ]);
  });

  it('ignores fields it does not know, and takes null for what may be left out', async () => {
    const { asked } = start();
    const nulls = { fromNumber: null, metadata: null, args: null, options: null };
    const answer = await post(ONE, {
      ...{ ...CALL, ...nulls },
      assistant: { assistantId: '1', version: null, webhookId: '5' },
      source: 'PHONE_CALL',
    });
    expect(answer.statusCode).toBe(200);
    expect(asked).toEqual([['outbound.place', PROJECT, [{ ...ORDER, version: '' }], undefined]]);
  });

  it.each([
    ['"18446744073709551615"', '18446744073709551615'],
    ['9007199254740991', '9007199254740991'],
    ['0', '0'],
    ['"twelve"', 'twelve'],
  ])('hands the assistant id %s on as it was written', async (json, assistantId) => {
    const { asked } = start();
    await post(ONE, `{"assistant":{"assistantId":${json}},"toNumber":"+15551230000"}`);
    expect(asked).toEqual([['outbound.place', PROJECT, [{ ...ORDER, version: '', assistantId }], undefined]]);
  });

  it('takes the number of a version as a number too', async () => {
    const { asked } = start();
    await post(ONE, { ...CALL, assistant: { assistantId: 1, version: 3 } });
    expect(asked).toEqual([['outbound.place', PROJECT, [{ ...ORDER, version: '3' }], undefined]]);
  });

  it.each([
    ['9007199254740992', expect.stringContaining('as a string')],
    ['12345678901234567890', expect.stringContaining('as a string')],
    ['1.5', expect.stringContaining('as a string')],
    ['-1', expect.stringContaining('as a string')],
    ['true', 'The assistant id is not an unsigned 64-bit decimal number.'],
    ['null', 'The assistant id is not an unsigned 64-bit decimal number.'],
  ])('refuses the assistant id %s', async (json, text) => {
    const { asked } = start();
    const answer = await post(ONE, `{"assistant":{"assistantId":${json}},"toNumber":"+15551230000"}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toEqual(envelope(400, '1001201', 'assistant_id_malformed', text));
    expect(asked).toEqual([]);
  });

  it.each([
    [{ assistant: undefined }, '1001201', 'assistant_id_malformed'],
    [{ assistant: '1' }, '1001201', 'assistant_id_malformed'],
    [{ assistant: {} }, '1001201', 'assistant_id_malformed'],
    [{ assistant: { assistantId: '1', version: {} } }, '1001001', 'invalid_request'],
    [{ toNumber: undefined }, '1002001', 'number_missing'],
    [{ toNumber: null }, '1002001', 'number_missing'],
    [{ toNumber: '' }, '1002001', 'number_missing'],
    [{ toNumber: 15551230000 }, '1002002', 'number_invalid'],
    [{ toNumber: ['+15551230000'] }, '1002002', 'number_invalid'],
    [{ fromNumber: 15550001111 }, '1002003', 'caller_id_invalid'],
    [{ metadata: [] }, '1001001', 'invalid_request'],
    [{ args: 'name=Ann' }, '1001001', 'invalid_request'],
    [{ options: 5 }, '1001001', 'invalid_request'],
  ])('refuses %j', async (change, number, code) => {
    const { asked } = start();
    const answer = await post(ONE, { ...CALL, ...change });
    expect(answer.json()).toEqual(envelope(400, number, code));
    expect([answer.statusCode, answer.headers['x-rapida-error']]).toEqual([400, code]);
    expect(asked).toEqual([]);
  });

  it('names the field that is malformed', async () => {
    start();
    const humanMessage = async (change: object) => (await post(ONE, { ...CALL, ...change })).json().error.humanMessage;
    expect(await humanMessage({ metadata: [] })).toBe('metadata: must be a JSON object');
    expect(await humanMessage({ assistant: { assistantId: '1', version: {} } })).toMatch(/^assistant\.version: /);
  });
});

describe('placing many calls', () => {
  it('answers one result per call, in order', async () => {
    const { asked } = start();
    const answer = await post(BULK, { phoneCalls: [CALL, { ...CALL, toNumber: '200' }] });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      code: 200,
      success: true,
      data: [
        { id: '41', contextId: '0b7c1c1e-7f0a-4c53-9d1f-3f6f1f0f9a41', status: 'queued' },
        { id: '42', contextId: '0b7c1c1e-7f0a-4c53-9d1f-3f6f1f0f9a42', status: 'queued' },
      ],
    });
    expect(asked).toEqual([['outbound.place', PROJECT, [ORDER, { ...ORDER, toNumber: '200' }], undefined]]);
  });

  it('takes 1000 calls', async () => {
    start();
    const answer = await post(BULK, { phoneCalls: Array.from({ length: 1_000 }, () => CALL) });
    expect(answer.json().data).toHaveLength(1_000);
  });

  it.each([
    ['none', []],
    ['1001', Array.from({ length: 1_001 }, () => CALL)],
    ['no list', CALL],
    ['null', null],
  ])('refuses a bulk of %s', async (_what, phoneCalls) => {
    const { asked } = start();
    const answer = await post(BULK, { phoneCalls });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toEqual(envelope(400, '1002004', 'bulk_invalid', 'phoneCalls must hold 1 to 1000 calls.'));
    expect(asked).toEqual([]);
  });

  it.each([
    [{ ...CALL, toNumber: 5 }, 'number_invalid', /^phoneCalls\[1\]: The number to call is not one/],
    [{ ...CALL, args: 5 }, 'invalid_request', /^phoneCalls\[1\]\.args: must be a JSON object$/],
    [null, 'invalid_request', /^phoneCalls\[1\]: must be a JSON object$/],
  ])('places none when one is %j, and says which', async (second, code, text) => {
    const { asked } = start();
    const answer = await post(BULK, { phoneCalls: [CALL, second, 'another'] });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['x-rapida-error']).toBe(code);
    expect(answer.json().error.humanMessage).toMatch(text);
    expect(asked).toEqual([]);
  });

  it('takes a body of 4 MiB, and no larger one', async () => {
    start();
    const body = JSON.stringify({ phoneCalls: [CALL] });
    expect((await post(BULK, body.padEnd(4_194_304))).statusCode).toBe(200);
    const answer = await post(BULK, body.padEnd(4_194_305));
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toEqual(envelope(413, '1001002', 'body_too_large'));
  });
});

describe.each(ROUTES)('%s', (url) => {
  const body = url === ONE ? CALL : { phoneCalls: [CALL] };

  it.each([
    ['no key', { 'x-api-key': '' }, 401, '1001101', 'key_missing'],
    ['a wrong key', { 'x-api-key': 'rpd-wrong' }, 401, '1001102', 'key_invalid'],
    ['a key for other things', { 'x-api-key': KEYS.inbound }, 403, '1001103', 'key_scope'],
    ['a content type that is not read', { 'content-type': 'application/xml' }, 400, '1001001', 'invalid_request'],
    ['text', { 'content-type': 'text/plain' }, 400, '1001001', 'invalid_request'],
  ])('answers %s in its envelope', async (_what, headers, status, number, code) => {
    const { asked } = start();
    const answer = await post(url, body, headers);
    expect(answer.json()).toEqual(envelope(status, number, code));
    expect([answer.statusCode, answer.headers['x-rapida-error']]).toEqual([status, code]);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(asked).toEqual([]);
  });

  it.each([
    ['{"assistant":', 'The body is not valid JSON.'],
    ['', 'body: must be a JSON object'],
    ['null', 'body: must be a JSON object'],
    ['[]', 'body: must be a JSON object'],
    ['"call"', 'body: must be a JSON object'],
  ])('answers the body "%s" in its envelope', async (text, humanMessage) => {
    start();
    const answer = await post(url, text);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toEqual(envelope(400, '1001001', 'invalid_request', humanMessage));
  });

  it('answers an address that is too long in its envelope', async () => {
    start();
    const answer = await post(`${url}?x=${'x'.repeat(8_192)}`, body);
    expect(answer.json()).toEqual(envelope(400, '1001001', 'invalid_request'));
  });

  it('says what the use-case refuses, with the status of its code', async () => {
    const place = async () => Promise.reject(new RapidaError('number_invalid', 'phoneCalls[3]: not a number'));
    start({ outbound: { place } });
    const answer = await post(url, body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toEqual(envelope(400, '1002002', 'number_invalid', 'phoneCalls[3]: not a number'));
  });

  it.each(['queue_full', 'draining'] as const)('says when to come back with %s', async (code) => {
    start({ outbound: { place: async () => Promise.reject(new RapidaError(code)) } });
    const answer = await post(url, body);
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(answer.json()).toMatchObject({ code: 503, success: false });
  });

  it('says of an unforeseen failure its request id alone', async () => {
    start({ outbound: { place: async () => Promise.reject(new TypeError('rows is undefined')) } });
    const answer = await post(url, body);
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toEqual(envelope(500, '1004001', 'internal', expect.stringContaining('request-1')));
    expect(answer.body).not.toContain('rows');
  });

  it.each(['x', ' ! ~', 'k'.repeat(200)])('hands the Idempotency-Key "%s" on', async (key) => {
    const { asked } = start();
    expect((await post(url, body, { 'Idempotency-Key': key })).statusCode).toBe(200);
    expect(asked[0]?.[3]).toBe(key);
  });

  it.each(['', 'k'.repeat(201), 'clé', 'tab\there'])('refuses the Idempotency-Key "%s"', async (key) => {
    const { asked } = start();
    const answer = await post(url, body, { 'idempotency-key': key });
    expect(answer.statusCode).toBe(400);
    const text = 'Idempotency-Key: must be 1 to 200 printable ASCII characters';
    expect(answer.json()).toEqual(envelope(400, '1001001', 'invalid_request', text));
    expect(asked).toEqual([]);
  });

  it('answers whatever JSON it is sent with a call or with an error of its own', async () => {
    start();
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        const answer = await post(url, json);
        expect([200, 400]).toContain(answer.statusCode);
        expect(answer.json()).toMatchObject({ code: answer.statusCode, success: answer.statusCode === 200 });
      }),
      { numRuns: 200 },
    );
  });
});
