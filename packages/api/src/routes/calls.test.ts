import { RapidaError } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { CALL, CONTEXT_ID, createFakeUseCases, type FakeUseCases, KEYS, PROJECT } from '../testing/fake-use-cases.js';

let useCases: FakeUseCases;
let api: ApiUnderTest;
beforeEach(() => {
  useCases = createFakeUseCases();
  api = createApiUnderTest(useCases);
});
afterEach(() => api.close());

const headers = { 'x-api-key': KEYS.calls };
const get = (url: string) => api.fastify.inject({ url, headers });
const post = (url: string, payload?: object) =>
  api.fastify.inject({ method: 'POST', url, headers, ...(payload && { payload }) });

/** 2026-01-02T03:04:05.678Z, the creation of the call the fakes know. */
const CALL_JSON = {
  id: '11',
  assistantId: '1',
  assistantVersion: 3,
  contextId: CONTEXT_ID,
  direction: 'inbound',
  state: 'completed',
  from: '+15551234567',
  to: null,
  channelId: 'pbx-1.1',
  metadata: { queue: 'sales' },
  args: {},
  overrides: null,
  outbound: null,
  transport: 'audiosocket',
  format: 'slin',
  createdAt: '2026-01-02T03:04:05.678Z',
  connectedAt: '2026-01-02T03:04:06.678Z',
  endedAt: null,
  disconnectedBy: 'user',
  reason: 'caller_hangup',
  directive: null,
  resumes: 0,
  hasRecording: true,
  nodeId: 'node-1',
  analysis: null,
};

describe('reading calls', () => {
  it('lists them with the cursor of the next page', async () => {
    const answer = await get('/v1/calls');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ data: [CALL_JSON], nextCursor: 'next' });
    expect(useCases.asked).toEqual([['calls.list', PROJECT, {}, 50, null]]);
  });

  it('passes filters, limit and cursor on', async () => {
    const since = '2026-01-01T00:00:00Z';
    const until = '2026-01-02T01:00:00%2B01:00';
    await get(
      `/v1/calls?limit=200&cursor=abc&state=failed&assistantId=18446744073709551615&direction=outbound&from=+1555&to=+4930&since=${since}&until=${until}`,
    );
    const filter = {
      state: 'failed',
      assistantId: '18446744073709551615',
      direction: 'outbound',
      from: '+1555',
      to: '+4930',
      sinceMs: 1_767_225_600_000,
      untilMs: 1_767_312_000_000,
    };
    expect(useCases.asked).toEqual([['calls.list', PROJECT, filter, 200, 'abc']]);
  });

  it('passes on what is asked of the parts of calls', async () => {
    await get('/v1/calls?live=true&text=%20K%C3%B6ln%20&interrupted=true&event=provider.failed&slowerThanMs=1200.5');
    const parts = { text: 'Köln', interrupted: true, event: 'provider.failed', slowerThanMs: 1_200.5 };
    expect(useCases.asked).toEqual([['calls.list', PROJECT, { live: true, parts }, 50, null]]);
  });

  it('shows what a call had otherwise than its assistant, but for the instructions', async () => {
    const overrides = { greeting: 'Hi', instructions: 'long', tts: { speed: 1.5 } };
    const get = async () => ({ ...CALL, overrides });
    const own = createApiUnderTest(createFakeUseCases({ calls: { get } }));
    const answer = await own.fastify.inject({ url: '/v1/calls/11', headers });
    await own.close();
    expect(answer.json().overrides).toEqual({
      fields: ['greeting', 'instructions', 'tts.speed'],
      values: { greeting: 'Hi', tts: { speed: 1.5 } },
    });
  });

  it.each([
    [{ state: 'pending', attempts: 2 } as const, { state: 'pending' }],
    [{ state: 'failed', error: 'provider_timeout' } as const, { state: 'failed', error: 'provider_timeout' }],
    [
      { state: 'done', summary: 'Well.', extraction: { n: 1 }, success: { outcome: 'yes', reason: 'So.' } } as const,
      { state: 'done', summary: 'Well.', extraction: { n: 1 }, success: { outcome: 'yes', reason: 'So.' } },
    ],
  ])('shows the analysis %j', async (analysis, shown) => {
    const get = async () => ({ ...CALL, analysis });
    const own = createApiUnderTest(createFakeUseCases({ calls: { get } }));
    const answer = await own.fastify.inject({ url: '/v1/calls/11', headers });
    await own.close();
    const nothing = { summary: null, extraction: null, success: null, error: null };
    expect(answer.json().analysis).toEqual({ ...nothing, ...shown });
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=many', 'limit'],
    ['state=asleep', 'state'],
    ['assistantId=18446744073709551616', 'assistantId'],
    ['since=yesterday', 'since'],
    ['live=false', 'live'],
    ['text=%20', 'text'],
    ['slowerThanMs=-1', 'slowerThanMs'],
  ])('refuses ?%s and names the field', async (query, field) => {
    const answer = await get(`/v1/calls?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid_request', error: expect.stringContaining(`${field}: `) });
    expect(useCases.asked).toEqual([]);
  });

  it.each([
    ['', CALL_JSON],
    [
      '/events',
      {
        data: [{ seq: 1, type: 'webhook', at: '2026-01-02T03:04:05.678Z', data: { from: '+15551234567' } }],
        nextCursor: null,
      },
    ],
    [
      '/transcript',
      {
        data: [
          { role: 'user', text: 'hello', startMs: 0, endMs: 400, interrupted: false, metrics: { stt_latency_ms: 80 } },
        ],
        nextCursor: null,
      },
    ],
    ['/metrics', { data: [{ name: 'call.duration', value: 4.2 }], nextCursor: null }],
  ])('answers /v1/calls/11%s', async (path, body) => {
    const answer = await get(`/v1/calls/11${path}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual(body);
  });

  it('tells of a turn that was interrupted what nobody heard', async () => {
    const turn = {
      role: 'assistant',
      text: 'Hello,',
      startMs: 0,
      endMs: 400,
      interrupted: true,
      unheard: 'Ann.',
    } as const;
    vi.spyOn(useCases.calls, 'transcript').mockResolvedValue([{ ...turn, metrics: {} }]);
    expect((await get('/v1/calls/11/transcript')).json().data).toEqual([{ ...turn, metrics: {} }]);
  });

  it.each(['', '/events', '/transcript', '/metrics', '/recording'])('does not know /v1/calls/12%s', async (path) => {
    const answer = await get(`/v1/calls/12${path}`);
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'call_not_found' });
  });

  it.each([
    [null, { mode: null, credentialId: null }],
    [
      { credentialId: '31', app: 'rapida', mode: 'stasis', channelId: 'rapida-11-1' },
      { mode: 'stasis', credentialId: '31' },
    ],
  ] as const)('tells how far dialling has come: %j', async (dialed, told) => {
    const order = { attempt: 1, attemptsMax: 3, retryAfterMs: 60_000, retryOn: ['busy'], ringMs: null } as const;
    const outbound = { ...order, notBeforeMs: CALL.createdAtMs + 3_000, dialed };
    const call = { ...CALL, direction: 'outbound', args: { name: 'Ann' }, outbound } as const;
    const own = createApiUnderTest(createFakeUseCases({ calls: { get: async () => call } }));
    const answer = await own.fastify.inject({ url: '/v1/calls/11', headers });
    await own.close();
    expect(answer.json()).toEqual({
      ...CALL_JSON,
      direction: 'outbound',
      args: { name: 'Ann' },
      outbound: { notBefore: '2026-01-02T03:04:08.678Z', attempt: 1, attemptsMax: 3, ...told },
    });
  });

  it('refuses an id that is none', async () => {
    const answer = await get('/v1/calls/eleven');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid_request', error: expect.stringContaining('id: ') });
  });
});

describe('steering a call', () => {
  it('hangs up and says', async () => {
    const hangup = await post('/v1/calls/11/hangup');
    expect([hangup.statusCode, hangup.body]).toEqual([204, '']);
    expect((await post('/v1/calls/11/say', { text: ' Good news. ' })).statusCode).toBe(204);
    expect(useCases.asked).toEqual([
      ['calls.hangup', '11'],
      ['calls.say', '11', 'Good news.'],
    ]);
  });

  it('hands a call to another place of the dialplan', async () => {
    const answer = await post('/v1/calls/11/transfer', { target: 'reception,s,1' });
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(useCases.asked).toEqual([['calls.transfer', '11', 'reception,s,1']]);
  });

  it.each([
    {},
    { target: '' },
    { target: 'reception' },
    { target: 'reception,s' },
    { target: 'reception,s,one' },
    { target: 'reception,s,1,2' },
    { target: 'recep tion,s,1' },
    { target: ['reception,s,1'] },
  ])('refuses to hand it to %j', async (payload) => {
    const answer = await post('/v1/calls/11/transfer', payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid_request', error: expect.stringContaining('target: ') });
    expect(useCases.asked).toEqual([]);
  });

  it.each([
    ['transfer_not_allowed', 409],
    ['call_ended', 409],
    ['call_not_live', 409],
    ['call_not_found', 404],
  ] as const)('says %s of a call that cannot be handed on', async (code, status) => {
    const transfer = async () => Promise.reject(new RapidaError(code));
    const own = createApiUnderTest(createFakeUseCases({ calls: { transfer } }));
    const payload = { target: 'elsewhere,s,1' };
    const answer = await own.fastify.inject({ method: 'POST', url: '/v1/calls/11/transfer', headers, payload });
    await own.close();
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code });
  });

  it.each(['/hangup', '/say', '/transfer'])('does not know /v1/calls/12%s', async (path) => {
    const answer = await post(`/v1/calls/12${path}`, { text: 'x', target: 'reception,s,1' });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'call_not_found' });
  });

  it.each([{}, { text: '' }, { text: 5 }, { text: 'x'.repeat(2_001) }])('refuses to say %j', async (payload) => {
    const answer = await post('/v1/calls/11/say', payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid_request', error: expect.stringContaining('text: ') });
  });
});
