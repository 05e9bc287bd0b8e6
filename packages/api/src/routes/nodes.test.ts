import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { createFakeUseCases, KEYS, NODE } from '../testing/fake-use-cases.js';

let api: ApiUnderTest;
beforeEach(() => {
  const list = async () => [NODE, { ...NODE, draining: true }, { ...NODE, draining: true, lost: true }];
  api = createApiUnderTest(createFakeUseCases({ nodes: { list } }));
});
afterEach(() => api.close());

const get = (key: string) => api.fastify.inject({ method: 'GET', url: '/v1/nodes', headers: { 'x-api-key': key } });

it('lists the nodes with the state each is in', async () => {
  const node = {
    ...{ id: 'node-1', host: 'pbx', version: '1.2.3', state: 'up', calls: 2, loopDelayMs: 1.5, lateFrames: 3 },
    ...{ startedAt: '2026-01-02T03:04:05.678Z', seenAt: '2026-01-02T03:04:05.678Z' },
  };
  const data = [node, { ...node, state: 'draining' }, { ...node, state: 'lost' }];
  expect((await get(KEYS.admin)).json()).toEqual({ data, nextCursor: null });
});

it('tells nobody of them who may not administrate', async () => {
  const answer = await get(KEYS.calls);
  expect([answer.statusCode, answer.json().code]).toEqual([403, 'key_scope']);
});
