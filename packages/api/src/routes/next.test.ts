import { afterEach, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { CONTEXT_ID, createFakeUseCases } from '../testing/fake-use-cases.js';

let api: ApiUnderTest;
afterEach(() => api.close());

const ASTERISK = { 'user-agent': 'asterisk-libcurl-agent/1.0' };

it('tells a dialplan what comes next, without a key', async () => {
  api = createApiUnderTest(createFakeUseCases());
  const answer = await api.fastify.inject({ url: `/v1/talk/asterisk/ctx/${CONTEXT_ID}/next`, headers: ASTERISK });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(answer.body).toBe('goto:reception,s,1');
});

it('knows nothing of other calls: JSON for a program, an empty body for a dialplan', async () => {
  api = createApiUnderTest(createFakeUseCases());
  const url = '/v1/talk/asterisk/ctx/99999999-7f0a-4c53-9d1f-3f6f1f0f9a01/next';
  const json = await api.fastify.inject({ url });
  expect(json.statusCode).toBe(404);
  expect(json.json()).toMatchObject({ code: 'context_unknown' });
  const empty = await api.fastify.inject({ url, headers: ASTERISK });
  expect(empty.statusCode).toBe(404);
  expect(empty.body).toBe('');
  expect(empty.headers['x-rapida-error']).toBe('context_unknown');
});

it('tells one that can take a call up again also of that, and never that it knows of none', async () => {
  api = createApiUnderTest(createFakeUseCases());
  for (const [contextId, body] of [
    [CONTEXT_ID, 'resume'],
    ['99999999-7f0a-4c53-9d1f-3f6f1f0f9a01', 'begin'],
  ]) {
    const url = `/v1/talk/asterisk/ctx/${contextId}/next?can=resume`;
    const answer = await api.fastify.inject({ url, headers: ASTERISK });
    expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([
      ...[200, 'text/plain; charset=utf-8', body],
    ]);
  }
});
