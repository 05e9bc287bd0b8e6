import { RapidaError } from '@rapida/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { CONTEXT_ID, createFakeUseCases, KEYS } from '../testing/fake-use-cases.js';

let api: ApiUnderTest;
afterEach(() => api.close());

const ASTERISK = { 'user-agent': 'asterisk-libcurl-agent/1.0', accept: '*/*' };
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const PATH = `/v1/talk/asterisk/ctx/${CONTEXT_ID}/event`;

function start(overrides: Parameters<typeof createFakeUseCases>[0] = {}) {
  const useCases = createFakeUseCases(overrides);
  api = createApiUnderTest(useCases);
  return useCases;
}

const get = (query: string, headers: Record<string, string> = {}) =>
  api.fastify.inject({ url: `${PATH}?${query}`, headers });

/** `payload` is sent as it is. */
const post = (type: string, payload: string, query = '', headers: Record<string, string> = {}) =>
  api.fastify.inject({
    method: 'POST',
    url: `${PATH}${query}`,
    headers: { 'content-type': type, ...headers },
    payload,
  });

describe('an event that is told of a call', () => {
  it('is taken from a query, without a key, and answered with nothing', async () => {
    const { asked } = start();
    const answer = await get('type=Dial&dialstatus=BUSY', ASTERISK);
    expect([answer.statusCode, answer.body]).toEqual([201, '']);
    expect(asked).toEqual([['media.report', CONTEXT_ID, 'Dial', { dialstatus: 'BUSY' }]]);
  });

  it('is taken as the JSON that ARI sends', async () => {
    const { asked } = start();
    const fields = { channel: { id: 'pbx-1.1', state: 'Up' }, timestamp: '2026-01-02T03:04:05.678+0000', cause: 16 };
    const answer = await post(JSON_TYPE, JSON.stringify({ type: 'ChannelStateChange', ...fields }));
    expect([answer.statusCode, answer.body]).toEqual([201, '']);
    expect(asked).toEqual([['media.report', CONTEXT_ID, 'ChannelStateChange', fields]]);
  });

  it('is taken as the form that CURL() posts, also of what stands behind a comma of its address', async () => {
    const { asked } = start();
    await post(FORM, 'event=channel_created&channel=PJSIP%2Fpbx-1', '', ASTERISK);
    await post(FORM, 'b=2+3&c=4&c=5', '?type=queue&a=1', ASTERISK);
    expect(asked).toEqual([
      ['media.report', CONTEXT_ID, 'channel_created', { channel: 'PJSIP/pbx-1' }],
      ['media.report', CONTEXT_ID, 'queue', { a: '1', b: '2 3', c: '5' }],
    ]);
  });

  it('may be posted without a body', async () => {
    const { asked } = start();
    expect((await api.fastify.inject({ method: 'POST', url: `${PATH}?type=x` })).statusCode).toBe(201);
    expect((await post(JSON_TYPE, '', '?type=x')).statusCode).toBe(201);
    expect(asked).toEqual(Array(2).fill(['media.report', CONTEXT_ID, 'x', {}]));
  });

  it('has its name in `type`, else in `event`', async () => {
    const { asked } = start();
    await get('type=a&event=b');
    await get('type=&event=b');
    await get('type=a&type=c');
    expect(asked.map(([, , ...rest]) => rest)).toEqual([
      ['a', { event: 'b' }],
      ['b', { type: '' }],
      ['c', {}],
    ]);
  });

  it('may have a name of 100 characters of any language', async () => {
    const { asked } = start();
    const name = `Anruf läutet ${'👋'.repeat(87)}`;
    expect((await get(`type=${encodeURIComponent(name)}`)).statusCode).toBe(201);
    expect(asked).toEqual([['media.report', CONTEXT_ID, name, {}]]);
  });

  it('needs no key, and keeps none that is sent', async () => {
    const { asked } = start();
    await get(`type=x&X-Api-Key=other&copy=a${KEYS.inbound}&x-api-key=${KEYS.inbound}`);
    const nested = JSON.stringify({ type: 'x', 'x-api-key': 'other', deep: [{ copy: KEYS.inbound }], kept: 1 });
    await post(JSON_TYPE, nested, '', { 'x-api-key': KEYS.inbound });
    expect(asked.map(([, , , fields]) => fields)).toEqual([{}, { kept: 1 }]);
    expect(api.logLines.join('\n')).not.toContain(KEYS.inbound);
    expect(api.logLines.join('\n')).not.toContain(CONTEXT_ID);
  });

  it('holds up to 16 KiB', async () => {
    const { asked } = start();
    const bodyOf = (bytes: number) => `{"type":"x","a":"${'a'.repeat(bytes - 19)}"}`;
    expect((await post(JSON_TYPE, bodyOf(16_384))).statusCode).toBe(201);
    const answer = await post(JSON_TYPE, bodyOf(16_385));
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({ code: 'body_too_large' });
    expect(asked).toHaveLength(1);
  });

  it('holds no more of body and query together, nor of what grows as it is written down', async () => {
    const { asked } = start();
    const half = 'a'.repeat(8_000);
    const both = await post(JSON_TYPE, `{"b":"${half}${half}"}`, `?type=x&c=${half.slice(0, 1_000)}`);
    expect(both.json()).toMatchObject({ code: 'body_too_large' });
    const grown = await post(JSON_TYPE, `{"type":"x","n":[${Array(3_000).fill('1e20').join()}]}`);
    expect(grown.json()).toMatchObject({ code: 'body_too_large' });
    expect(asked).toEqual([]);
  });
});

describe('an event that is refused', () => {
  it.each([
    ['no name', JSON_TYPE, '{}', 'event_type_missing'],
    ['empty names', JSON_TYPE, '{"type":"","event":null}', 'event_type_missing'],
    ['a form without a name', FORM, 'a=1', 'event_type_missing'],
    ['no body at all', JSON_TYPE, '', 'event_type_missing'],
    ['a name that is a number', JSON_TYPE, '{"type":5}', 'invalid_request'],
    ['a name that is a list', JSON_TYPE, '{"type":["a"]}', 'invalid_request'],
    ['a name of 101 characters', JSON_TYPE, `{"event":"${'x'.repeat(101)}"}`, 'invalid_request'],
    ['a name of two lines', JSON_TYPE, '{"type":"a\\nb"}', 'invalid_request'],
    ['half a character as its name', JSON_TYPE, '{"type":"\\ud83d"}', 'invalid_request'],
    ['JSON that ends too soon', JSON_TYPE, '{"type":', 'invalid_request'],
    ['JSON that is a list', JSON_TYPE, '[{"type":"x"}]', 'invalid_request'],
    ['JSON that is a text', JSON_TYPE, '"x"', 'invalid_request'],
    ['a prototype', JSON_TYPE, '{"type":"x","__proto__":{}}', 'invalid_request'],
    ['plain text', 'text/plain', '{"type":"x"}', 'invalid_request'],
    ['another language', 'application/xml', '<type/>', 'invalid_request'],
    [
      'JSON that is nested too deep',
      JSON_TYPE,
      `{"type":"x","a":${'['.repeat(33)}${']'.repeat(33)}}`,
      'invalid_request',
    ],
    [
      'JSON that is nested without an end',
      JSON_TYPE,
      `{"type":"x","a":${'['.repeat(8_000)}${']'.repeat(8_000)}}`,
      'invalid_request',
    ],
  ])('for %s', async (_what, type, payload, code) => {
    const { asked } = start();
    const json = await post(type, payload);
    expect(json.statusCode).toBe(400);
    expect(json.json()).toEqual({ error: expect.stringMatching(/./), code });
    const empty = await post(type, payload, '', ASTERISK);
    expect([empty.statusCode, empty.body]).toEqual([400, '']);
    expect(empty.headers['x-rapida-error']).toBe(code);
    expect(asked).toEqual([]);
  });

  it('names the field of a name that is none', async () => {
    start();
    expect((await get(`event=${'x'.repeat(101)}`)).json()).toMatchObject({ error: expect.stringMatching(/^event: /) });
  });

  it('takes what is nested 32 levels deep', async () => {
    start();
    const answer = await post(JSON_TYPE, `{"type":"x","a":${'['.repeat(32)}${']'.repeat(32)}}`);
    expect(answer.statusCode).toBe(201);
  });

  it('for a call that is not known', async () => {
    const { asked } = start();
    const url = '/v1/talk/asterisk/ctx/99999999-7f0a-4c53-9d1f-3f6f1f0f9a01/event?type=x';
    const json = await api.fastify.inject({ url });
    expect(json.statusCode).toBe(404);
    expect(json.json()).toMatchObject({ code: 'context_unknown' });
    const empty = await api.fastify.inject({ method: 'POST', url, headers: ASTERISK });
    expect([empty.statusCode, empty.body]).toEqual([404, '']);
    expect(empty.headers['x-rapida-error']).toBe('context_unknown');
    expect(asked).toEqual([]);
  });

  it('is answered although the store hangs: a dialplan waits without limit', async () => {
    let entered = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const report = () => {
      entered();
      return new Promise<never>(() => {});
    };
    start({ media: { report } });
    const answering = get('type=x', ASTERISK);
    await inside;
    await api.clock.advance(4_000);
    const answer = await answering;
    expect([answer.statusCode, answer.body]).toEqual([503, '']);
    expect(answer.headers['x-rapida-error']).toBe('store_failed');
    expect(api.clock.pendingTimers).toBe(0);
  });

  it('says nothing of what went wrong here', async () => {
    start({ media: { report: async () => Promise.reject(new RapidaError('internal', 'disk')) } });
    const answer = await get('type=x');
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('disk');
  });
});
