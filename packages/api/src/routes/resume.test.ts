import { RapidaError } from '@rapida/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { CONTEXT_ID, createFakeUseCases, KEYS, PROJECT } from '../testing/fake-use-cases.js';

let api: ApiUnderTest;
afterEach(() => api.close());

const ASTERISK = { 'user-agent': 'asterisk-libcurl-agent/1.0' };
const STRANGER = '99999999-7f0a-4c53-9d1f-3f6f1f0f9a01';
const get = (url: string) => api.fastify.inject({ url, headers: ASTERISK });

describe('a dialplan that takes a call up again', () => {
  it('registers with its context id: it is told that id, and nothing is registered', async () => {
    const useCases = createFakeUseCases();
    api = createApiUnderTest(useCases);
    const query = `from=1&resume=${CONTEXT_ID}&x-api-key=${KEYS.inbound}`;
    const answer = await get(`/v1/talk/asterisk/call/123456789?${query}`);
    expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([
      ...[200, 'text/plain; charset=utf-8', CONTEXT_ID],
    ]);
    expect(useCases.registered).toEqual([]);
    const asker = { projectId: PROJECT, assistantId: '123456789' };
    expect(useCases.asked).toContainEqual(['media.resume', CONTEXT_ID, asker]);
  });

  it('registers as always with an empty one, which is kept nowhere', async () => {
    const useCases = createFakeUseCases();
    api = createApiUnderTest(useCases);
    await get(`/v1/talk/asterisk/call/123456789?from=1&resume=&x-api-key=${KEYS.inbound}`);
    expect(useCases.registered).toMatchObject([{ from: '1', metadata: {} }]);
  });

  it('needs the key of the project', async () => {
    const useCases = createFakeUseCases();
    api = createApiUnderTest(useCases);
    expect((await get(`/v1/talk/asterisk/call/123456789?from=1&resume=${CONTEXT_ID}`)).statusCode).toBe(401);
    expect(useCases.asked.filter(([what]) => what === 'media.resume')).toEqual([]);
  });

  it('needs none where it names the call by its context alone, as one that was placed', async () => {
    const useCases = createFakeUseCases();
    api = createApiUnderTest(useCases);
    const answer = await get(`/v1/talk/asterisk/ctx/${CONTEXT_ID}/resume`);
    expect([answer.statusCode, answer.body]).toEqual([200, CONTEXT_ID]);
    expect(useCases.asked).toContainEqual(['media.resume', CONTEXT_ID, undefined]);
  });

  it.each([
    ['call_ended', 409],
    ['resume_limit', 409],
    ['draining', 503],
    ['at_capacity', 503],
  ] as const)('is refused with an empty body and the code: %s', async (code, status) => {
    api = createApiUnderTest(
      createFakeUseCases({ media: { resume: () => Promise.reject(new RapidaError(code)) } as never }),
    );
    for (const url of [
      `/v1/talk/asterisk/call/123456789?from=1&resume=${CONTEXT_ID}&x-api-key=${KEYS.inbound}`,
      `/v1/talk/asterisk/ctx/${CONTEXT_ID}/resume`,
    ]) {
      const answer = await get(url);
      expect([answer.statusCode, answer.headers['x-rapida-error'], answer.body]).toEqual([status, code, '']);
    }
  });

  it('is told nothing of a call that is not known', async () => {
    api = createApiUnderTest(createFakeUseCases());
    const answer = await get(`/v1/talk/asterisk/ctx/${STRANGER}/resume`);
    expect([answer.statusCode, answer.headers['x-rapida-error'], answer.body]).toEqual([404, 'context_unknown', '']);
  });
});
