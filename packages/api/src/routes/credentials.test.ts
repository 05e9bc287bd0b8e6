import { CREDENTIAL_PROVIDERS, RapidaError } from '@rapida/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { CREDENTIAL, createFakeUseCases, type FakeUseCases, KEYS, PROJECT } from '../testing/fake-use-cases.js';

let api: ApiUnderTest;
afterEach(() => api.close());

function start(overrides: Parameters<typeof createFakeUseCases>[0] = {}): FakeUseCases {
  const useCases = createFakeUseCases(overrides);
  api = createApiUnderTest(useCases);
  return useCases;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** `payload` as text is sent as it is. */
function send(method: Method, url: string, payload?: object | string, key = KEYS.admin) {
  const headers = { 'x-api-key': key, ...(payload !== undefined && { 'content-type': 'application/json' }) };
  return api.fastify.inject({ method, url, headers, ...(payload !== undefined && { payload }) });
}

const SECRET = 'hunter2';
const VALUE = { ari_url: 'http://127.0.0.1:8088', ari_user: 'rapida', ari_password: SECRET };
const BODY = { name: 'office', provider: 'asterisk', value: VALUE, callsPerSecond: 5 };

const CREDENTIAL_JSON = {
  id: '31',
  name: 'office',
  provider: 'asterisk',
  fields: ['ari_url', 'ari_user', 'ari_password', 'endpoint_technology'],
  callsPerSecond: 5,
  createdAt: '2026-01-02T03:04:05.678Z',
  updatedAt: '2026-01-02T03:04:06.678Z',
  lastUsedAt: null,
};

describe('credentials', () => {
  it('are listed with the cursor of the next page', async () => {
    const { asked } = start();
    const answer = await send('GET', '/v1/credentials?limit=2&cursor=abc');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ data: [CREDENTIAL_JSON], nextCursor: 'next' });
    expect(asked).toEqual([['credentials.list', PROJECT, 2, 'abc']]);
  });

  it('tell who uses them', async () => {
    start();
    const uses = { data: [{ assistantId: '1', name: 'office' }], nextCursor: null };
    expect((await send('GET', '/v1/credentials/31/uses')).json()).toEqual(uses);
    expect((await send('GET', '/v1/credentials/32/uses')).json()).toMatchObject({ code: 'credential_not_found' });
    expect((await send('GET', '/v1/credentials/31/uses', undefined, KEYS.calls)).statusCode).toBe(403);
  });

  it('have a form for each provider, which names the one field that nobody may see', async () => {
    start();
    const forms = (await api.fastify.inject('/v1/credentials/schema.json')).json();
    expect(Object.keys(forms)).toEqual([...CREDENTIAL_PROVIDERS]);
    expect(forms.asterisk).toMatchObject({ secret: 'ari_password', schema: { additionalProperties: false } });
    expect(Object.keys(forms.asterisk.schema.properties)).toContain('endpoint_technology');
    expect(forms.openai).toMatchObject({ secret: 'apiKey', schema: { required: ['apiKey'] } });
  });

  it('are told one by one, with the time of their last use', async () => {
    start({ credentials: { get: async () => ({ ...CREDENTIAL, lastUsedAtMs: CREDENTIAL.createdAtMs + 2_000 }) } });
    const answer = await send('GET', '/v1/credentials/31');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ ...CREDENTIAL_JSON, lastUsedAt: '2026-01-02T03:04:07.678Z' });
  });

  it('are created with a value that is handed on unread', async () => {
    const { asked } = start();
    const value = { ...VALUE, whatever: { deep: [1, null] } };
    const answer = await send('POST', '/v1/credentials', { ...BODY, name: ' office ', value });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({ ...CREDENTIAL_JSON, id: '32' });
    expect(asked).toEqual([['credentials.create', PROJECT, { ...BODY, value }]]);
  });

  it('need no callsPerSecond', async () => {
    const { asked } = start();
    const { name, provider, value } = BODY;
    expect((await send('POST', '/v1/credentials', { name, provider, value })).statusCode).toBe(201);
    expect(asked).toEqual([['credentials.create', PROJECT, { name, provider, value }]]);
  });

  it('are saved, with a new value or without one', async () => {
    const { asked } = start();
    const { name, provider, value } = BODY;
    const answer = await send('PUT', '/v1/credentials/31', { name: 'attic', provider, value });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ ...CREDENTIAL_JSON, name: 'attic' });
    await send('PUT', '/v1/credentials/31', { name, provider });
    const inputs = asked.map(([, , input]) => input as object);
    expect(inputs).toEqual([
      { name: 'attic', provider, value },
      { name, provider },
    ]);
    expect('value' in inputs[1]!).toBe(false);
  });

  it('are taken back as they were given out', async () => {
    const { asked } = start();
    const given = (await send('GET', '/v1/credentials/31')).json();
    expect((await send('PUT', '/v1/credentials/31', given)).statusCode).toBe(200);
    expect(asked).toEqual([['credentials.save', '31', { name: 'office', provider: 'asterisk', callsPerSecond: 5 }]]);
  });

  it('are removed, unless an assistant uses them', async () => {
    const { asked } = start();
    const answer = await send('DELETE', '/v1/credentials/31');
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(asked).toEqual([['credentials.remove', '31']]);
    await api.close();
    const remove = async () => Promise.reject(new RapidaError('credential_in_use', 'Used by: Front desk.'));
    start({ credentials: { remove } });
    const refused = await send('DELETE', '/v1/credentials/31');
    expect(refused.statusCode).toBe(409);
    expect(refused.json()).toEqual({ error: 'Used by: Front desk.', code: 'credential_in_use' });
  });

  it('are tested; that the other side refuses is an answer', async () => {
    start();
    const answer = await send('POST', '/v1/credentials/31/test');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ ok: false, code: 'ari_unreachable', message: 'ECONNREFUSED' });
  });

  it('tells of every provider whether its key is taken', async () => {
    start();
    const answer = await send('GET', '/v1/providers/health');
    expect(answer.json()).toEqual({
      data: [
        {
          ...{ provider: 'groq', credentialId: null, name: null, ok: true, code: null, message: 'yes' },
          checkedAt: '2026-09-21T14:13:20.000Z',
        },
      ],
      nextCursor: null,
    });
  });

  it('are sealed anew, and counted', async () => {
    start();
    const answer = await send('POST', '/v1/credentials/reencrypt');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ reencrypted: 3, current: 2, unreadable: 1 });
  });

  it.each([
    ['GET', '/v1/credentials/32', undefined],
    ['PUT', '/v1/credentials/32', BODY],
    ['DELETE', '/v1/credentials/32', undefined],
    ['POST', '/v1/credentials/32/test', undefined],
  ] as const)('are not known to %s %s of another project', async (method, url, payload) => {
    start();
    const answer = await send(method, url, payload);
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'credential_not_found' });
  });

  it.each([
    ['GET', '/v1/credentials', undefined],
    ['POST', '/v1/credentials', BODY],
    ['GET', '/v1/credentials/31', undefined],
    ['PUT', '/v1/credentials/31', BODY],
    ['DELETE', '/v1/credentials/31', undefined],
    ['POST', '/v1/credentials/31/test', undefined],
    ['POST', '/v1/credentials/reencrypt', undefined],
    ['GET', '/v1/providers/health', undefined],
  ] as const)('are closed to a key for calls: %s %s', async (method, url, payload) => {
    const { asked } = start();
    const answer = await send(method, url, payload, KEYS.calls);
    expect(answer.statusCode).toBe(403);
    expect(asked).toEqual([]);
  });
});

describe('a secret', () => {
  it('comes back in no answer, whatever the use-case returns with it', async () => {
    const leaky = { ...CREDENTIAL, value: VALUE, sealed: SECRET };
    const one = async () => leaky;
    const list = async () => ({ data: [leaky], nextCursor: null });
    const check = async () => ({ ok: true, code: null, message: 'Asterisk 22', value: VALUE });
    start({ credentials: { list, get: one, create: one, save: one, check } });
    const answers = [
      await send('GET', '/v1/credentials'),
      await send('GET', '/v1/credentials/31'),
      await send('POST', '/v1/credentials', BODY),
      await send('PUT', '/v1/credentials/31', BODY),
      await send('POST', '/v1/credentials/31/test'),
    ];
    for (const answer of answers) {
      expect(answer.statusCode).toBeLessThan(300);
      expect(answer.body).not.toContain(SECRET);
    }
  });

  const LONG = SECRET.repeat(20);
  it.each([
    ['a value that is a text', { ...BODY, value: SECRET }, 'value: '],
    ['a value that is a list', { ...BODY, value: [SECRET] }, 'value: '],
    ['no name', { ...BODY, name: undefined }, 'name: '],
    ['a name that is too long', { ...BODY, name: LONG }, 'name: '],
    ['a name that is none', { ...BODY, name: { [SECRET]: SECRET } }, 'name: '],
    ['a provider that is not known', { ...BODY, provider: SECRET }, 'provider: '],
    ['a provider that is an object', { ...BODY, provider: VALUE }, 'provider: '],
    ['a pace that is a text', { ...BODY, callsPerSecond: SECRET }, 'callsPerSecond: '],
    ['a pace that is too high', { ...BODY, callsPerSecond: 101 }, 'callsPerSecond: '],
    ['a pace of nothing', { ...BODY, callsPerSecond: 0 }, 'callsPerSecond: '],
    ['a field that is not known', { ...BODY, ari_password: SECRET }, 'body: has a field that is not known'],
    ['a field of its name', { ...BODY, [SECRET]: true }, 'body: has a field that is not known'],
    ['a body that is a text', JSON.stringify(SECRET), 'body: '],
    ['a body that is a list', JSON.stringify([BODY]), 'body: '],
    ['JSON that ends too soon', JSON.stringify(BODY).slice(0, -1), 'The body is not valid JSON.'],
    ['JSON that is none', SECRET, 'The body is not valid JSON.'],
    ['a prototype', `{"__proto__":{"password":"${SECRET}"}}`, 'The body is not valid JSON.'],
  ])('is quoted in no refusal and in no log: %s', async (_what, payload, text) => {
    const { asked } = start();
    for (const [method, url] of [
      ['POST', '/v1/credentials'],
      ['PUT', '/v1/credentials/31'],
    ] as const) {
      const answer = await send(method, url, payload);
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ code: 'invalid_request', error: expect.stringContaining(text) });
      expect(answer.body).not.toContain(SECRET);
    }
    expect(api.logLines.join('\n')).not.toContain(SECRET);
    expect(asked).toEqual([]);
  });

  it('is not quoted where it stands in the address, or in a body that is no JSON', async () => {
    start();
    const inPath = await send('GET', `/v1/credentials/${SECRET}?password=${SECRET}`);
    const headers = { 'x-api-key': KEYS.admin, 'content-type': 'text/plain' };
    const asText = await api.fastify.inject({ method: 'POST', url: '/v1/credentials', headers, payload: SECRET });
    for (const answer of [inPath, asText]) {
      expect(answer.statusCode).toBe(400);
      expect(answer.body).not.toContain(SECRET);
    }
    expect(api.logLines.join('\n')).not.toContain(SECRET);
  });

  it('is in no line of the log of a request that succeeds', async () => {
    start();
    expect((await send('POST', '/v1/credentials', BODY)).statusCode).toBe(201);
    expect(api.logLines.join('\n')).toContain('request answered');
    expect(api.logLines.join('\n')).not.toContain(SECRET);
  });
});
