import { type ErrorCode, RapidaError } from '@rapida/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApiDependencies } from '../create-api.js';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { CONTEXT_ID, createFakeUseCases, KEYS, PROJECT } from '../testing/fake-use-cases.js';

const ASTERISK = { 'user-agent': 'asterisk-libcurl-agent/1.0', accept: '*/*' };
const PATH = '/v1/talk/asterisk/call/123456789';

let api: ApiUnderTest;
afterEach(() => api.close());

function start(overrides: Parameters<typeof createFakeUseCases>[0] = {}, options: Partial<ApiDependencies> = {}) {
  const useCases = createFakeUseCases(overrides);
  api = createApiUnderTest(useCases, options);
  return useCases;
}

function refusing(code: ErrorCode) {
  return { registerInbound: async () => Promise.reject(new RapidaError(code)) };
}

/** The request as Asterisk 22.10 func_curl.c sends it. */
function call(query: string, headers: Record<string, string> = {}) {
  return api.fastify.inject({ method: 'GET', url: `${PATH}?${query}`, headers: { ...ASTERISK, ...headers } });
}

describe('a call that is registered', () => {
  it('is answered with the context id and nothing else', async () => {
    const { registered } = start();
    const answer = await call(`from=15551234567&channel_id=lab22-1.0&x-api-key=${KEYS.inbound}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.body).toBe(CONTEXT_ID);
    expect(registered).toEqual([
      {
        projectId: PROJECT,
        assistantId: '123456789',
        from: '15551234567',
        to: null,
        channelId: 'lab22-1.0',
        metadata: {},
      },
    ]);
  });

  it.each(['from', 'caller', 'callerid'])('takes the caller from %s', async (name) => {
    const { registered } = start();
    await call(`${name}=42&x-api-key=${KEYS.inbound}`);
    expect(registered[0]).toMatchObject({ from: '42', metadata: {} });
  });

  it.each(['to', 'extension', 'dnid'])('takes the number called from %s', async (name) => {
    const { registered } = start();
    await call(`from=1&${name}=900&x-api-key=${KEYS.inbound}`);
    expect(registered[0]).toMatchObject({ to: '900', metadata: {} });
  });

  it('looks on where a name is given but empty', async () => {
    const { registered } = start();
    await call(`from=&callerid=42&to=&channel_id=&x-api-key=${KEYS.inbound}`);
    expect(registered[0]).toMatchObject({ from: '42', to: null, channelId: null });
  });

  it.each(['+15551234567', '%2B15551234567', '%2015551234567'])(
    'reads from=%s as a number with its plus',
    async (from) => {
      const { registered } = start();
      await call(`from=${from}&to=+49301234&x-api-key=${KEYS.inbound}`);
      expect(registered[0]).toMatchObject({ from: '+15551234567', to: '+49301234' });
    },
  );

  it('keeps every other parameter as metadata, but never the key', async () => {
    const { registered } = start();
    await call(`from=1&queue=sales%20eu&X-Api-Key=other&copy=${KEYS.inbound}&queue2=&x-api-key=${KEYS.inbound}`);
    expect(registered[0]?.metadata).toEqual({ queue: 'sales eu', queue2: '' });
  });

  it('takes metadata that is named like a part of JavaScript for what it is, or not at all', async () => {
    const { registered } = start();
    await call(`from=1&__proto__=x&constructor=y&x-api-key=${KEYS.inbound}`);
    expect(Object.entries(registered[0]?.metadata ?? {})).toEqual([['constructor', 'y']]);
  });

  it('counts a parameter that is given twice once', async () => {
    const { registered } = start();
    await call(`from=1&from=2&queue=a&queue=b&x-api-key=${KEYS.inbound}`);
    expect(registered[0]).toMatchObject({ from: '2', metadata: { queue: 'b' } });
  });

  it('takes the key from the header as well', async () => {
    const { registered } = start();
    expect((await call('from=1', { 'x-api-key': KEYS.inbound })).statusCode).toBe(200);
    expect(registered[0]?.metadata).toEqual({});
  });

  it('may be registered with an admin key', async () => {
    start();
    expect((await call(`from=1&x-api-key=${KEYS.admin}`)).body).toBe(CONTEXT_ID);
  });

  it.each([
    ['application/x-www-form-urlencoded', 'from=+1555&extension=900&queue=sales'],
    ['application/json', '{"from":" 1555","extension":900,"queue":"sales"}'],
  ])('may be posted as %s', async (type, payload) => {
    const { registered } = start();
    const headers = { ...ASTERISK, 'x-api-key': KEYS.inbound, 'content-type': type };
    const answer = await api.fastify.inject({ method: 'POST', url: PATH, headers, payload });
    expect(answer.body).toBe(CONTEXT_ID);
    expect(registered[0]).toMatchObject({ from: '+1555', to: '900', metadata: { queue: 'sales' } });
  });

  it('may be posted without a body', async () => {
    const { registered } = start();
    const answer = await api.fastify.inject({ method: 'POST', url: `${PATH}?from=1&x-api-key=${KEYS.inbound}` });
    expect(answer.statusCode).toBe(200);
    expect(registered).toHaveLength(1);
  });
});

describe('a call that is refused', () => {
  it.each([
    ['assistant_id_malformed', 400],
    ['caller_missing', 400],
    ['assistant_not_found', 404],
    ['deployment_disabled', 409],
    ['at_capacity', 503],
    ['draining', 503],
  ] as const)('for %s is answered with %i', async (code, status) => {
    start(refusing(code));
    const answer = await api.fastify.inject({ url: PATH, headers: { 'x-api-key': KEYS.inbound } });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.json()).toEqual({ error: expect.stringMatching(/./), code });
    expect(answer.headers['retry-after']).toBe(status === 503 ? '5' : undefined);
  });

  it.each([
    ['assistant_id_malformed', 400],
    ['caller_missing', 400],
    ['assistant_not_found', 404],
    ['deployment_disabled', 409],
    ['at_capacity', 503],
    ['draining', 503],
    ['internal', 500],
  ] as const)('for %s is answered to CURL() with %i and an empty body', async (code, status) => {
    start(refusing(code));
    const answer = await call(`from=1&x-api-key=${KEYS.inbound}`);
    expect(answer.statusCode).toBe(status);
    expect(answer.rawPayload).toHaveLength(0);
    expect(answer.headers['x-rapida-error']).toBe(code);
  });

  it.each([
    ['', 401, 'key_missing'],
    ['&x-api-key=', 401, 'key_missing'],
    ['&x-api-key=rpd-wrong', 401, 'key_invalid'],
    [`&x-api-key=${KEYS.calls}`, 403, 'key_scope'],
  ])('with the key parameter "%s" is answered with %i before anything is registered', async (key, status, code) => {
    const { registered } = start();
    const json = await api.fastify.inject({ url: `${PATH}?from=1${key}` });
    expect(json.statusCode).toBe(status);
    expect(json.json()).toMatchObject({ code });
    const empty = await call(`from=1${key}`);
    expect(empty.statusCode).toBe(status);
    expect(empty.body).toBe('');
    expect(empty.headers['x-rapida-error']).toBe(code);
    expect(registered).toEqual([]);
    expect(api.counts.filter((count) => count === `rapida_calls_refused_total{code=${code}}`)).toHaveLength(2);
  });

  it('without a caller is passed on with none, for the use-case to refuse and count', async () => {
    const seen: string[] = [];
    start({
      async registerInbound({ from }) {
        seen.push(from);
        throw new RapidaError('caller_missing');
      },
    });
    await call(`from=&x-api-key=${KEYS.inbound}`);
    expect(seen).toEqual(['']);
    expect(api.counts.filter((count) => count.startsWith('rapida_calls_refused_total'))).toEqual([]);
  });

  it('reaches the use-case with a malformed id, however long', async () => {
    const { registered } = start();
    const id = 'x'.repeat(300);
    await api.fastify.inject({ url: `/v1/talk/asterisk/call/${id}?from=1`, headers: { 'x-api-key': KEYS.inbound } });
    expect(registered[0]?.assistantId).toBe(id);
  });

  it.each([
    ['application/json', '{"from":', 400, 'invalid_request'],
    ['application/json', '[1]', 400, 'invalid_request'],
    ['application/xml', '<from/>', 400, 'invalid_request'],
    ['application/x-www-form-urlencoded', `from=1&x=${'x'.repeat(1_048_576)}`, 413, 'body_too_large'],
  ])('for a body of %s that cannot be taken is counted', async (type, payload, status, code) => {
    const { registered } = start();
    const headers = { 'x-api-key': KEYS.inbound, 'content-type': type };
    const answer = await api.fastify.inject({ method: 'POST', url: PATH, headers, payload });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code });
    expect(registered).toEqual([]);
    expect(api.counts).toContain(`rapida_calls_refused_total{code=${code}}`);
  });

  it('is answered although the store hangs: a dialplan waits without limit', async () => {
    let entered = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    start({
      registerInbound: () => {
        entered();
        return new Promise(() => {});
      },
    });
    const answering = call(`from=1&x-api-key=${KEYS.inbound}`);
    await inside;
    await api.clock.advance(4_000);
    const answer = await answering;
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toBe('');
    expect(api.counts).toContain('rapida_calls_refused_total{code=store_failed}');
    expect(api.clock.pendingTimers).toBe(0);
  });
});

describe('a call without a good key', () => {
  it.each([
    ['key_missing', {}],
    ['key_invalid', { 'x-api-key': 'rpd-none' }],
    ['key_scope', { 'x-api-key': KEYS.calls }],
  ])('is noted for those who watch (%s)', async (code, headers) => {
    const { asked, registered } = start();
    expect((await api.fastify.inject({ url: PATH, headers })).json()).toMatchObject({ code });
    expect(asked).toEqual([['noteKeyRefused', '123456789', expect.objectContaining({ code })]]);
    expect(registered).toEqual([]);
  });

  it('is noted for no other reason', async () => {
    const { asked } = start(refusing('at_capacity'));
    await api.fastify.inject({ url: PATH, headers: { 'x-api-key': KEYS.inbound } });
    expect(asked).toEqual([]);
  });
});

describe('a call that comes while stores are known to fail', () => {
  /** The limits of both together stay within the second after which a dialplan should have asked the next server. */
  it.each(['key', 'registration'] as const)('is refused within half a second where its %s hangs', async (which) => {
    let entered = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const hang = (): Promise<never> => {
      entered();
      return new Promise(() => {});
    };
    const hanging = which === 'key' ? { keys: { authenticate: hang } } : { registerInbound: hang };
    start({ ...hanging, health: { storeFails: true } });
    const answering = call(`from=1&x-api-key=${KEYS.inbound}`);
    await inside;
    await api.clock.advance(500);
    const answer = await answering;
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['x-rapida-error']).toBe('store_failed');
  });
});

describe('the key of a webhook', () => {
  it.each(['ok', 'refused', 'failed', 'unparsable'])('is in no line of the log when the call is %s', async (how) => {
    const failure = new RapidaError('internal', undefined, { cause: new Error('disk') });
    start(
      how === 'failed'
        ? { registerInbound: async () => Promise.reject(failure) }
        : how === 'refused'
          ? refusing('draining')
          : {},
    );
    const query = `from=1&x-api-key=${KEYS.inbound}`;
    await (how === 'unparsable' ? api.fastify.inject({ url: `${PATH}%E0?${query}` }) : call(query));
    expect(api.logLines.join('\n')).not.toContain(KEYS.inbound);
    if (how === 'failed') expect(api.logLines.join('\n')).toContain('disk');
    if (how === 'ok') expect(api.logLines.join('\n')).toContain('/v1/talk/asterisk/call/:assistantId');
  });
});
