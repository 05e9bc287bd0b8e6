import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { createFakeUseCases, type FakeUseCases, KEYS, PROJECT } from '../testing/fake-use-cases.js';

let useCases: FakeUseCases;
let api: ApiUnderTest;
beforeEach(() => {
  useCases = createFakeUseCases();
  api = createApiUnderTest(useCases);
});
afterEach(() => api.close());

const ask = (query = '') => api.fastify.inject({ url: `/v1/overview${query}`, headers: { 'x-api-key': KEYS.calls } });
const HOUR_MS = 3_600_000;

it('tells how calls went, of each bucket and in all, and what is now', async () => {
  const { since, until, ...rest } = (await ask('?since=2026-01-02T03:00:00Z&until=2026-01-02T05:00:00Z')).json();
  expect([since, until]).toEqual(['2026-01-02T03:00:00.000Z', '2026-01-02T05:00:00.000Z']);
  const figures = {
    ...{ calls: 3, outcomes: { completed: 2, busy: 1 }, detailed: 3, interruptions: 1, providerErrors: 2 },
    responseMs: { p50: 800, p95: 1_200, turns: 7, parts: { llm_ttft_ms: { p50: 300, p95: 500.5, turns: 6 } } },
  };
  const none = { calls: 0, outcomes: {}, detailed: 0, interruptions: 0, providerErrors: 0, responseMs: null };
  expect(rest).toEqual({
    bucket: 'hour',
    buckets: [
      { at: '2026-01-02T03:04:05.678Z', ...figures },
      { at: '2026-01-02T04:04:05.678Z', ...none },
    ],
    totals: figures,
    providers: [{ provider: 'openai', kind: 'llm', errors: 2 }],
    now: { calls: 1, limit: 0, nodes: 2 },
  });
});

it('is of the last day by the hour, or of the last thirty days, where nothing else is asked', async () => {
  await ask();
  await ask('?bucket=day');
  const untilMs = api.clock.wallMs();
  const day = { bucketMs: 24 * HOUR_MS, sinceMs: untilMs - 30 * 24 * HOUR_MS };
  expect(useCases.asked).toEqual([
    ['overview', { projectId: PROJECT, untilMs, bucketMs: HOUR_MS, sinceMs: untilMs - 24 * HOUR_MS }],
    ['overview', { projectId: PROJECT, untilMs, ...day }],
  ]);
});

it.each(['?bucket=week', '?since=yesterday', '?since=2026-01-02T05:00:00Z&until=2026-01-02T05:00:00Z'])(
  'refuses %s',
  async (query) => {
    expect((await ask(query)).json()).toMatchObject({ code: 'invalid_request' });
  },
);
