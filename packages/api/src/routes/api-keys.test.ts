import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { createFakeUseCases, type FakeUseCases, KEYS } from '../testing/fake-use-cases.js';

let useCases: FakeUseCases;
let api: ApiUnderTest;
beforeEach(() => {
  useCases = createFakeUseCases();
  api = createApiUnderTest(useCases);
});
afterEach(() => api.close());

function send(method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) {
  return api.fastify.inject({ method, url, headers: { 'x-api-key': KEYS.admin }, ...(payload && { payload }) });
}

const KEY_JSON = {
  id: '21',
  name: 'pbx',
  scopes: ['inbound'],
  prefix: 'rpd-iiiiii',
  createdAt: '2026-01-02T03:04:05.678Z',
  revokedAt: null,
};

it('lists keys without the keys', async () => {
  expect((await send('GET', '/v1/api-keys')).json()).toEqual({ data: [KEY_JSON], nextCursor: null });
});

it('shows a new key this one time', async () => {
  const answer = await send('POST', '/v1/api-keys', { name: 'desk', scopes: ['calls', 'calls'] });
  expect(answer.statusCode).toBe(201);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json()).toEqual({ ...KEY_JSON, name: 'desk', scopes: ['calls'], key: `rpd-${'n'.repeat(43)}` });
  expect(api.logLines.join('\n')).not.toContain('n'.repeat(43));
});

it.each([
  [{ name: '', scopes: ['calls'] }, 'name'],
  [{ name: 'x', scopes: [] }, 'scopes'],
  [{ name: 'x', scopes: ['root'] }, 'scopes.0'],
])('refuses to create %j', async (payload, field) => {
  const answer = await send('POST', '/v1/api-keys', payload);
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ code: 'invalid_request', error: expect.stringContaining(`${field}: `) });
});

it('revokes a key it knows', async () => {
  expect((await send('DELETE', '/v1/api-keys/21')).statusCode).toBe(204);
  expect(useCases.asked).toEqual([['keys.revoke', '21']]);
  expect((await send('DELETE', '/v1/api-keys/22')).json()).toMatchObject({ code: 'key_not_found' });
});
