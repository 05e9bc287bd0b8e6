import { CALL_EVENTS, RapidaError } from '@rapida/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { createFakeUseCases, DELIVERY, type FakeUseCases, KEYS, PROJECT, WEBHOOK } from '../testing/fake-use-cases.js';

let api: ApiUnderTest;
afterEach(() => api.close());

function start(overrides: Parameters<typeof createFakeUseCases>[0] = {}): FakeUseCases {
  const useCases = createFakeUseCases(overrides);
  api = createApiUnderTest(useCases);
  return useCases;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

function send(method: Method, url: string, payload?: object, key = KEYS.admin) {
  return api.fastify.inject({ method, url, headers: { 'x-api-key': key }, ...(payload && { payload }) });
}

const URL = 'https://crm.example.com/calls';
const BODY = { url: URL, assistantId: '18446744073709551615', events: ['call.connected'], enabled: false };

const WEBHOOK_JSON = {
  id: '51',
  assistantId: null,
  url: URL,
  events: ['call.ended'],
  enabled: true,
  createdAt: '2026-01-02T03:04:05.678Z',
  updatedAt: '2026-01-02T03:04:06.678Z',
};

const DELIVERY_JSON = {
  id: '61',
  webhookId: '51',
  callId: '11',
  seq: 4,
  type: 'call.ended',
  state: 'pending',
  attempts: 2,
  nextAt: '2026-01-02T03:05:05.678Z',
  lastStatus: 503,
  lastError: null,
  createdAt: '2026-01-02T03:04:05.678Z',
  deliveredAt: null,
  payload: { type: 'call.ended', data: { callId: '11' } },
};

describe('webhooks', () => {
  it('are listed with the cursor of the next page', async () => {
    const { asked } = start();
    const answer = await send('GET', '/v1/webhooks?limit=2&cursor=abc');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ data: [WEBHOOK_JSON], nextCursor: 'next' });
    expect(asked).toEqual([['webhooks.list', PROJECT, 2, 'abc']]);
  });

  it('are told one by one', async () => {
    start();
    const answer = await send('GET', '/v1/webhooks/51');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual(WEBHOOK_JSON);
  });

  it('are created, and their secret is shown', async () => {
    const { asked } = start();
    const answer = await send('POST', '/v1/webhooks', BODY);
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json()).toEqual({ ...WEBHOOK_JSON, ...BODY, id: '52', secret: 'whsec_bmV3' });
    expect(asked).toEqual([['webhooks.create', PROJECT, BODY]]);
    expect(api.logLines.join('\n')).not.toContain('whsec_');
  });

  it('need nothing but an address: then they are told of everything', async () => {
    const { asked } = start();
    expect((await send('POST', '/v1/webhooks', { url: ` ${URL} ` })).statusCode).toBe(201);
    expect(asked).toEqual([['webhooks.create', PROJECT, { url: URL, assistantId: null, events: [], enabled: true }]]);
  });

  it('are told of an event once, however often it was named', async () => {
    const { asked } = start();
    await send('POST', '/v1/webhooks', { url: URL, events: ['call.ended', 'webhook', 'call.ended'] });
    expect(asked[0]?.[2]).toMatchObject({ events: ['call.ended', 'webhook'] });
  });

  it('are saved as a whole, and taken back as they were given out', async () => {
    const { asked } = start();
    const answer = await send('PUT', '/v1/webhooks/51', { url: 'https://b.example.com/' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ ...WEBHOOK_JSON, url: 'https://b.example.com/', events: [] });
    const given = (await send('GET', '/v1/webhooks/51')).json();
    expect((await send('PUT', '/v1/webhooks/51', given)).json()).toEqual(WEBHOOK_JSON);
    expect(asked).toEqual([
      ['webhooks.save', '51', { url: 'https://b.example.com/', assistantId: null, events: [], enabled: true }],
      ['webhooks.save', '51', { url: URL, assistantId: null, events: ['call.ended'], enabled: true }],
    ]);
  });

  it('get a new secret, are tested, and are removed', async () => {
    const { asked } = start();
    const secret = await send('POST', '/v1/webhooks/51/secret');
    expect([secret.statusCode, secret.json()]).toEqual([200, { secret: 'whsec_bmV4dA==' }]);
    const test = await send('POST', '/v1/webhooks/51/test');
    expect([test.statusCode, test.json()]).toEqual([202, { deliveryId: '62' }]);
    const removed = await send('DELETE', '/v1/webhooks/51');
    expect([removed.statusCode, removed.body]).toEqual([204, '']);
    expect(asked).toEqual([
      ['webhooks.rotateSecret', '51'],
      ['webhooks.test', '51'],
      ['webhooks.remove', '51'],
    ]);
  });

  it('show no secret but a new one, whatever the use-case returns with them', async () => {
    const leaky = { ...WEBHOOK, projectId: PROJECT, secret: 'whsec_old', sealedSecret: 'whsec_old' };
    const one = async () => leaky;
    const list = async () => ({ data: [leaky], nextCursor: null });
    const create = async () => ({ webhook: leaky, secret: 'whsec_new' });
    start({ webhooks: { list, get: one, save: one, create } });
    const answers = [
      await send('GET', '/v1/webhooks'),
      await send('GET', '/v1/webhooks/51'),
      await send('PUT', '/v1/webhooks/51', { url: URL }),
      await send('POST', '/v1/webhooks', { url: URL }),
    ];
    for (const answer of answers) {
      expect(answer.statusCode).toBeLessThan(300);
      expect(answer.body).not.toContain('whsec_old');
    }
    expect(answers[3]?.json().secret).toBe('whsec_new');
  });

  it.each([
    ['no address', {}, 'url: '],
    ['an empty address', { url: ' ' }, 'url: '],
    ['an address that is too long', { url: `https://x/${'x'.repeat(2_000)}` }, 'url: '],
    ['an assistant that is none', { url: URL, assistantId: 'front' }, 'assistantId: '],
    ['an event that is not known', { url: URL, events: ['call.ended', 'call.sung'] }, 'events.1: '],
    ['events that are a text', { url: URL, events: 'call.ended' }, 'events: '],
    ['more events than there are', { url: URL, events: Array(CALL_EVENTS.length + 1).fill('call.ended') }, 'events: '],
    ['a switch that is a text', { url: URL, enabled: 'yes' }, 'enabled: '],
    ['a secret of its own', { url: URL, secret: 'whsec_mine' }, 'secret'],
    ['a list', [{ url: URL }], 'body: '],
  ])('are refused with %s', async (_what, payload, text) => {
    const { asked } = start();
    for (const [method, url] of [
      ['POST', '/v1/webhooks'],
      ['PUT', '/v1/webhooks/51'],
    ] as const) {
      const answer = await send(method, url, payload);
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ code: 'invalid_request', error: expect.stringContaining(text) });
    }
    expect(asked).toEqual([]);
  });

  it.each([
    ['webhook_target_refused', 400],
    ['assistant_not_found', 404],
    ['webhook_limit', 409],
  ] as const)('are refused with %s as %i', async (code, status) => {
    start({ webhooks: { create: async () => Promise.reject(new RapidaError(code)) } });
    const answer = await send('POST', '/v1/webhooks', { url: 'http://127.0.0.1/' });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code });
  });

  it.each([
    ['GET', '/v1/webhooks/52', undefined],
    ['PUT', '/v1/webhooks/52', BODY],
    ['DELETE', '/v1/webhooks/52', undefined],
    ['POST', '/v1/webhooks/52/secret', undefined],
    ['POST', '/v1/webhooks/52/test', undefined],
  ] as const)('are not known to %s %s of another project', async (method, url, payload) => {
    start();
    const answer = await send(method, url, payload);
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'webhook_not_found' });
  });

  it.each([
    ['GET', '/v1/webhooks', undefined],
    ['POST', '/v1/webhooks', BODY],
    ['GET', '/v1/webhooks/51', undefined],
    ['PUT', '/v1/webhooks/51', BODY],
    ['DELETE', '/v1/webhooks/51', undefined],
    ['POST', '/v1/webhooks/51/secret', undefined],
    ['POST', '/v1/webhooks/51/test', undefined],
    ['GET', '/v1/webhooks/deliveries', undefined],
    ['POST', '/v1/webhooks/deliveries/61/resend', undefined],
  ] as const)('are closed to a key for calls: %s %s', async (method, url, payload) => {
    const { asked } = start();
    expect((await send(method, url, payload, KEYS.calls)).statusCode).toBe(403);
    expect(asked).toEqual([]);
  });
});

describe('deliveries', () => {
  it('are listed with what was sent, and nothing of the store', async () => {
    const { asked } = start();
    const answer = await send('GET', '/v1/webhooks/deliveries');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ data: [DELIVERY_JSON], nextCursor: 'next' });
    expect(asked).toEqual([['webhooks.deliveries', PROJECT, {}, 50, null]]);
  });

  it('of a test belong to no call', async () => {
    const test = { ...DELIVERY, callId: null, seq: null, type: 'test', body: '{"type":"test"}' } as const;
    const done = { state: 'delivered', nextAtMs: null, deliveredAtMs: DELIVERY.createdAtMs + 1_000 } as const;
    const deliveries = async () => ({ data: [{ ...test, ...done }], nextCursor: null });
    start({ webhooks: { deliveries } });
    const [told] = (await send('GET', '/v1/webhooks/deliveries')).json().data;
    expect(told).toEqual({
      ...DELIVERY_JSON,
      ...{ callId: null, seq: null, type: 'test', payload: { type: 'test' } },
      ...{ state: 'delivered', nextAt: null, deliveredAt: '2026-01-02T03:04:06.678Z' },
    });
  });

  it('are found by webhook, call and state', async () => {
    const { asked } = start();
    await send('GET', '/v1/webhooks/deliveries?webhookId=51&callId=11&state=dead&limit=3&cursor=abc');
    const filter = { webhookId: '51', callId: '11', state: 'dead' };
    expect(asked).toEqual([['webhooks.deliveries', PROJECT, filter, 3, 'abc']]);
  });

  it.each([
    ['state=lost', 'state'],
    ['webhookId=x', 'webhookId'],
    ['callId=-1', 'callId'],
    ['limit=0', 'limit'],
  ])('are not found by ?%s', async (query, field) => {
    const { asked } = start();
    const answer = await send('GET', `/v1/webhooks/deliveries?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid_request', error: expect.stringContaining(`${field}: `) });
    expect(asked).toEqual([]);
  });

  it('are sent once more', async () => {
    const { asked } = start();
    const answer = await send('POST', '/v1/webhooks/deliveries/61/resend');
    expect([answer.statusCode, answer.body]).toEqual([202, '']);
    expect(asked).toEqual([['webhooks.resend', '61']]);
    const unknown = await send('POST', '/v1/webhooks/deliveries/62/resend');
    expect(unknown.statusCode).toBe(404);
    expect(unknown.json()).toMatchObject({ code: 'delivery_not_found' });
  });
});
