import { afterEach, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { createFakeUseCases } from '../testing/fake-use-cases.js';

let api: ApiUnderTest;
afterEach(() => api.close());

it('answers health, readiness and metrics without a key', async () => {
  api = createApiUnderTest(createFakeUseCases(), { metricsText: async () => 'rapida_calls_live 2\n' });
  expect((await api.fastify.inject('/healthz')).json()).toEqual({ status: 'ok', liveCalls: 2 });
  expect((await api.fastify.inject('/readyz')).json()).toEqual({ status: 'ready' });
  const metrics = await api.fastify.inject('/metrics');
  expect(metrics.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(metrics.body).toBe('rapida_calls_live 2\n');
});

it.each([
  ['draining', 'draining'],
  ['the store failed a moment ago', 'store_failed'],
])('is alive but not ready when "%s"', async (reason, code) => {
  api = createApiUnderTest(createFakeUseCases({ health: { notReady: () => reason } }));
  expect((await api.fastify.inject('/healthz')).statusCode).toBe(200);
  const answer = await api.fastify.inject('/readyz');
  expect(answer.statusCode).toBe(503);
  expect(answer.headers['retry-after']).toBe('5');
  expect(answer.json()).toEqual({ error: `Not ready: ${reason}`, code });
});

it('does not fill the log with a readiness that is asked for every second', async () => {
  api = createApiUnderTest(createFakeUseCases({ health: { notReady: () => 'the store failed a moment ago' } }));
  await api.fastify.inject('/readyz');
  expect(api.logLines.filter((line) => line.includes('"error"'))).toEqual([]);
});
