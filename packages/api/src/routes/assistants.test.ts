import { assistantConfigSchema, RapidaError } from '@rapida/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { ASSISTANT, createFakeUseCases, type FakeUseCases, KEYS, PROJECT } from '../testing/fake-use-cases.js';

let useCases: FakeUseCases;
let api: ApiUnderTest;
beforeEach(() => {
  useCases = createFakeUseCases();
  api = createApiUnderTest(useCases);
});
afterEach(() => api.close());

function send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object, key = KEYS.admin) {
  return api.fastify.inject({ method, url, headers: { 'x-api-key': key }, ...(payload && { payload }) });
}

/** What a deployment is that says nothing. */
const DEPLOYMENT_JSON = {
  enabled: true,
  credentialId: null,
  options: { extension: 's', app: 'rapida' },
  media: { transport: 'audiosocket', format: 'slin', websocketClient: 'rapida' },
  limits: { ringMs: 30_000, concurrentCalls: null },
  retry: { attemptsMax: 1, afterMs: 300_000, on: ['busy', 'no_answer'] },
  transferTargets: [],
};

const ASSISTANT_JSON = {
  ...ASSISTANT.config,
  id: '1',
  version: 3,
  createdAt: '2026-01-02T03:04:05.678Z',
  updatedAt: '2026-01-02T03:04:05.678Z',
  phoneDeployment: { ...DEPLOYMENT_JSON, transferTargets: ['reception,s,1'] },
};

it('lists and gets them, with a key for calls too', async () => {
  const list = await send('GET', '/v1/assistants?limit=2&cursor=abc', undefined, KEYS.calls);
  expect(list.json()).toEqual({ data: [ASSISTANT_JSON], nextCursor: null });
  expect(useCases.asked).toEqual([['assistants.list', PROJECT, 2, 'abc']]);
  expect((await send('GET', '/v1/assistants/1', undefined, KEYS.calls)).json()).toEqual(ASSISTANT_JSON);
});

it('creates one from its name alone', async () => {
  const answer = await send('POST', '/v1/assistants', { name: 'Pizza' });
  expect(answer.statusCode).toBe(201);
  expect(answer.json()).toMatchObject({ id: '2', version: 1, ...assistantConfigSchema.parse({ name: 'Pizza' }) });
});

it('takes back what it has given out', async () => {
  const given = (await send('GET', '/v1/assistants/1')).json();
  const answer = await send('PUT', '/v1/assistants/1', { ...given, greeting: 'Hi!' });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ ...ASSISTANT_JSON, version: 4, greeting: 'Hi!' });
});

it('saves the phone deployment and answers with it', async () => {
  const answer = await send('PUT', '/v1/assistants/1/phone-deployment', { enabled: false });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ ...DEPLOYMENT_JSON, enabled: false });
});

it('saves a deployment that places calls, and gives it out, with a key for calls too', async () => {
  const options = { phone: 'Desk <+15551234567>', context: 'agents', endpoint_technology: 'SIP', trunk: 'provider-1' };
  const answer = await send('PUT', '/v1/assistants/1/phone-deployment', { credentialId: '31', options });
  expect(answer.statusCode).toBe(200);
  const saved = { ...DEPLOYMENT_JSON, credentialId: '31', options: { ...DEPLOYMENT_JSON.options, ...options } };
  expect(answer.json()).toEqual(saved);
  const given = await send('GET', '/v1/assistants/1/phone-deployment', undefined, KEYS.calls);
  expect(given.statusCode).toBe(200);
  expect(given.json()).toEqual(ASSISTANT_JSON.phoneDeployment);
});

it('says what only the use-case knows to be wrong with a deployment', async () => {
  const saveDeployment = async () => Promise.reject(new RapidaError('deployment_invalid', 'credentialId: is unknown'));
  const own = createApiUnderTest(createFakeUseCases({ assistants: { saveDeployment } }));
  const headers = { 'x-api-key': KEYS.admin };
  const url = '/v1/assistants/1/phone-deployment';
  const answer = await own.fastify.inject({ method: 'PUT', url, headers, payload: { credentialId: '9' } });
  await own.close();
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toEqual({ error: 'credentialId: is unknown', code: 'deployment_invalid' });
});

it('removes one', async () => {
  const answer = await send('DELETE', '/v1/assistants/1');
  expect([answer.statusCode, answer.body]).toEqual([204, '']);
  expect(useCases.asked).toEqual([['assistants.remove', '1']]);
});

it.each([
  ['POST', '/v1/assistants', {}, 'name'],
  ['POST', '/v1/assistants', { name: 'x', turn: { endpointingMs: 5 } }, 'turn.endpointingMs'],
  ['PUT', '/v1/assistants/1', { name: 'x', limits: { callMs: 'long' } }, 'limits.callMs'],
  ['PUT', '/v1/assistants/1/phone-deployment', { transferTargets: ['anywhere'] }, 'transferTargets.0'],
  ['PUT', '/v1/assistants/1/phone-deployment', { options: { trunk: 'a&b' } }, 'options.trunk'],
  ['PUT', '/v1/assistants/1/phone-deployment', { credentialId: 'office' }, 'credentialId'],
] as const)('refuses %s %s of %j and names the field', async (method, url, payload, field) => {
  const answer = await send(method, url, payload);
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ code: 'invalid_request', error: expect.stringContaining(`${field}: `) });
});

it.each([
  ['GET', '/v1/assistants/2', undefined],
  ['PUT', '/v1/assistants/2', { name: 'x' }],
  ['GET', '/v1/assistants/2/phone-deployment', undefined],
  ['PUT', '/v1/assistants/2/phone-deployment', {}],
  ['DELETE', '/v1/assistants/2', undefined],
] as const)('does not know %s %s of another project', async (method, url, payload) => {
  const answer = await send(method, url, payload);
  expect(answer.statusCode).toBe(404);
  expect(answer.json()).toMatchObject({ code: 'assistant_not_found' });
});

it('changes nothing for a key that may only read', async () => {
  const answer = await send('DELETE', '/v1/assistants/1', undefined, KEYS.calls);
  expect(answer.statusCode).toBe(403);
  expect(useCases.asked).toEqual([]);
});

const VERSION_JSON = { version: 3, name: 'Front desk', savedAt: '2026-01-02T03:04:05.678Z', live: true };

it('lists versions, tells which is live, and gets one, with a key for calls too', async () => {
  const list = await send('GET', '/v1/assistants/1/versions?limit=2&cursor=v5', undefined, KEYS.calls);
  const data = [VERSION_JSON, { ...VERSION_JSON, version: 2, live: false }];
  expect(list.json()).toEqual({ data, nextCursor: 'v2' });
  expect(useCases.asked).toEqual([['assistants.versions', '1', 2, 'v5']]);
  const one = await send('GET', '/v1/assistants/1/versions/2', undefined, KEYS.calls);
  expect(one.json()).toEqual({ ...ASSISTANT_JSON, version: 2 });
});

it('saves a version that is not live, and publishes one', async () => {
  const saved = await send('POST', '/v1/assistants/1/versions', { name: 'Draft' });
  expect(saved.statusCode).toBe(201);
  expect(saved.json()).toEqual({ ...VERSION_JSON, version: 4, name: 'Draft', live: false });
  const published = await send('POST', '/v1/assistants/1/versions/2/publish');
  expect(published.statusCode).toBe(200);
  expect(published.json()).toEqual({ ...ASSISTANT_JSON, version: 2 });
  expect(useCases.asked).toEqual([
    ['assistants.addVersion', '1'],
    ['assistants.publish', '1', 2],
  ]);
});

it.each([
  ['GET', '/v1/assistants/1/versions/9', 404, 'assistant_version_not_found'],
  ['POST', '/v1/assistants/1/versions/9/publish', 404, 'assistant_version_not_found'],
  ['GET', '/v1/assistants/2/versions', 404, 'assistant_not_found'],
  ['GET', '/v1/assistants/2/versions/3', 404, 'assistant_not_found'],
  ['POST', '/v1/assistants/2/versions/3/publish', 404, 'assistant_not_found'],
  ['GET', '/v1/assistants/1/versions/0', 400, 'invalid_request'],
  ['GET', '/v1/assistants/1/versions/latest', 400, 'invalid_request'],
] as const)('answers %s %s with %i %s', async (method, url, status, code) => {
  const answer = await send(method, url);
  expect(answer.statusCode).toBe(status);
  expect(answer.json()).toMatchObject({ code });
});

it('neither saves nor publishes a version for a key that may only read', async () => {
  for (const url of ['/v1/assistants/1/versions', '/v1/assistants/1/versions/2/publish']) {
    expect((await send('POST', url, { name: 'x' }, KEYS.calls)).statusCode).toBe(403);
  }
  expect(useCases.asked).toEqual([]);
});

it('gives the JSON Schema of a configuration to editors, which have no key', async () => {
  const answer = await api.fastify.inject('/v1/assistants/schema.json');
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ type: 'object', required: ['name'], additionalProperties: false });
});
