import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { UseCases } from '@rapida/calls';
import { type ChanWebSocketClientOptions, connectChanWebSocket } from '@rapida/chan-websocket';
import { RapidaError } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApiDependencies } from './create-api.js';
import { type ApiUnderTest, createApiUnderTest } from './testing/api-under-test.js';
import { API_KEY, CONTEXT, CONTEXT_ID, createFakeUseCases, KEYS } from './testing/fake-use-cases.js';

const PATH = '/v1/talk/asterisk/ctx';
const OTHER_ID = '99999999-7f0a-4c53-9d1f-3f6f1f0f9a01';

let api: ApiUnderTest;
let port: number;
afterEach(() => api.close());

async function start(overrides: Parameters<typeof createFakeUseCases>[0] = {}, options: Partial<ApiDependencies> = {}) {
  const useCases = createFakeUseCases(overrides);
  api = createApiUnderTest(useCases, options);
  ({ port } = await api.listen({ host: '127.0.0.1', port: 0 }));
  return useCases;
}

function connect(target: string, options: Partial<ChanWebSocketClientOptions> = {}) {
  return connectChanWebSocket({ clock: api.clock, url: `ws://127.0.0.1:${port}${target}`, ...options });
}

async function refusalOf(target: string, options: Partial<ChanWebSocketClientOptions> = {}) {
  const opened = await connect(target, options).opened;
  if (opened.ok || opened.body === undefined) throw new Error('expected a refusal with a body');
  return { status: opened.status, body: JSON.parse(opened.body) };
}

/** A claim that says when it was asked for, and answers when it is told to. */
function slowClaim() {
  let entered = () => {};
  let answer: (claim: Awaited<ReturnType<UseCases['media']['claim']>>) => void = () => {};
  const inside = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const claim: UseCases['media']['claim'] = () =>
    new Promise((resolve) => {
      answer = resolve;
      entered();
    });
  return { claim, inside, answer: (claimed: Parameters<typeof answer>[0]) => answer(claimed) };
}

/** An upgrade as any client may send it; it says nothing afterwards. */
function rawUpgrade(headers: Record<string, string>, target = `${PATH}/${CONTEXT_ID}`): ClientRequest {
  const upgrade = request({ host: '127.0.0.1', port, path: target, headers: { Connection: 'Upgrade', ...headers } });
  upgrade.on('error', () => {});
  upgrade.end();
  return upgrade;
}

const WEBSOCKET = {
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

describe('a media connection whose context is good', () => {
  it.each([`${PATH}/${CONTEXT_ID}`, `${PATH}?contextId=${CONTEXT_ID}`, `${PATH}/${OTHER_ID}?contextId=${CONTEXT_ID}`])(
    'is handed to its call under %s',
    async (target) => {
      const { claims, attached, abandoned } = await start();
      const client = connect(target);
      expect(await client.opened).toEqual({ ok: true, protocol: 'media' });
      client.hangup();
      await client.ended;
      await api.close();
      expect(claims).toEqual([CONTEXT_ID]);
      expect(attached).toEqual([{ context: CONTEXT, kind: 'websocket' }]);
      expect(abandoned).toEqual([]);
      expect(api.clock.pendingTimers).toBe(0);
    },
  );

  it('is hung up when the server closes', async () => {
    let attached = () => {};
    const inCall = new Promise<void>((resolve) => {
      attached = resolve;
    });
    await start({ media: { attach: async () => attached() } });
    const client = connect(`${PATH}/${CONTEXT_ID}`);
    await inCall;
    await api.close();
    expect(await client.ended).toMatchObject({ how: 'app_hangup' });
  });

  it('is taken without the sub-protocol, and then none is named', async () => {
    await start();
    expect(await connect(`${PATH}/${CONTEXT_ID}`, { protocols: [] }).opened).toEqual({ ok: true, protocol: undefined });
  });

  it('may bring a key', async () => {
    const { attached } = await start();
    const client = connect(`${PATH}?x-api-key=${KEYS.inbound}&contextId=${CONTEXT_ID}`);
    expect(await client.opened).toMatchObject({ ok: true });
    client.hangup();
    await client.ended;
    expect(attached).toHaveLength(1);
    expect(api.logLines.join('\n')).not.toContain(KEYS.inbound);
  });

  it.each(['RAPIDA_CONTEXT_ID', '__RAPIDA_CONTEXT_ID'])('may name it in %s as well', async (name) => {
    const { attached } = await start();
    const client = connect(`${PATH}/${CONTEXT_ID}`, { channelVariables: { [name]: CONTEXT_ID.toUpperCase(), X: '1' } });
    await client.opened;
    client.hangup();
    await client.ended;
    expect(attached).toHaveLength(1);
  });
});

describe('a media connection that is refused', () => {
  it.each(['context_unknown', 'context_used', 'context_expired', 'context_malformed'] as const)(
    'for %s is answered with 404 and the code, and counted by the claim alone',
    async (code) => {
      await start({ media: { claim: async () => ({ ok: false, code }) } });
      const { status, body } = await refusalOf(`${PATH}/${CONTEXT_ID}`);
      expect(status).toBe(404);
      expect(body).toEqual({ error: expect.stringMatching(/./), code });
      expect(api.counts.filter((count) => count.startsWith('rapida_media_refused'))).toEqual([]);
    },
  );

  it.each([PATH, `${PATH}/not-a-uuid`, `${PATH}?contextId=${CONTEXT_ID}&contextId=${OTHER_ID}`])(
    'under %s claims nothing',
    async (target) => {
      const { claims } = await start({});
      expect((await refusalOf(target)).status).toBe(404);
      expect(claims).toEqual(['']);
    },
  );

  it.each([
    [`?x-api-key=rpd-wrong&contextId=${CONTEXT_ID}`, {}],
    [`/${CONTEXT_ID}`, { 'x-api-key': 'rpd-wrong' }],
  ])('for a wrong key (%s) is answered with 401 and leaves the context as it is', async (target, headers) => {
    const { claims } = await start();
    const { status, body } = await refusalOf(PATH + target, { headers });
    expect(status).toBe(401);
    expect(body).toMatchObject({ code: 'key_invalid' });
    expect(claims).toEqual([]);
    expect(api.counts).toContain('rapida_media_refused_total{transport=websocket,code=key_invalid}');
    expect(api.logLines.join('\n')).not.toContain('rpd-wrong');
  });

  it.each(['/', '/v1/calls', `/v1/talk/asterisk/call/1?x-api-key=${KEYS.admin}`, '/v1/talk/asterisk/ctxx'])(
    'at %s is answered with 404',
    async (target) => {
      const { claims } = await start();
      const { status, body } = await refusalOf(target);
      expect([status, body.code]).toEqual([404, 'not_found']);
      expect(claims).toEqual([]);
      expect(api.counts).toContain('rapida_media_refused_total{transport=websocket,code=not_found}');
    },
  );

  it('because the store failed is answered with its status', async () => {
    await start({ keys: { authenticate: async () => Promise.reject(new RapidaError('store_failed')) } });
    const { status, body } = await refusalOf(`${PATH}/${CONTEXT_ID}?x-api-key=${KEYS.inbound}`);
    expect([status, body.code]).toEqual([503, 'store_failed']);
  });

  it('because there are too many is counted', async () => {
    await start({}, { limits: { upgrade: { connectionsMax: 0 } } });
    const { status, body } = await refusalOf(`${PATH}/${CONTEXT_ID}`);
    expect([status, body.code]).toEqual([503, 'too_many_connections']);
    expect(api.counts).toContain('rapida_media_refused_total{transport=websocket,code=too_many_connections}');
  });
});

describe('a claim that hangs', () => {
  it('is answered within a second, and its call is given up when it succeeds after all', async () => {
    const slow = slowClaim();
    const { abandoned, attached } = await start({ media: { claim: slow.claim } });
    const refusal = refusalOf(`${PATH}/${CONTEXT_ID}`);
    await slow.inside;
    await api.clock.advance(999);
    expect(await refusal).toMatchObject({ status: 503, body: { code: 'store_failed' } });
    expect(api.counts).toContain('rapida_media_refused_total{transport=websocket,code=store_failed}');
    expect(abandoned).toEqual([]);
    slow.answer({ ok: true, context: CONTEXT });
    await settle();
    expect(abandoned).toMatchObject([{ context: CONTEXT, code: 'media_start_missing' }]);
    expect(attached).toEqual([]);
  });

  it('claims nothing any more when it was the key that hung', async () => {
    let authenticated: () => void = () => {};
    const authenticate: UseCases['keys']['authenticate'] = () =>
      new Promise((resolve) => {
        authenticated = () => resolve(API_KEY);
        entered();
      });
    let entered: () => void = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const { claims } = await start({ keys: { authenticate } });
    const refusal = refusalOf(`${PATH}/${CONTEXT_ID}?x-api-key=${KEYS.inbound}`);
    await inside;
    await api.clock.advance(999);
    expect(await refusal).toMatchObject({ status: 503 });
    authenticated();
    await settle();
    expect(claims).toEqual([]);
  });

  it('gives its call up when the caller went away meanwhile', async () => {
    const slow = slowClaim();
    const { abandoned } = await start({ media: { claim: slow.claim } });
    const upgrade = rawUpgrade(WEBSOCKET);
    await slow.inside;
    upgrade.destroy();
    await api.clock.advance(999);
    slow.answer({ ok: true, context: CONTEXT });
    await settle();
    expect(abandoned).toMatchObject([{ context: CONTEXT, code: 'media_start_missing' }]);
  });
});

describe('a leg that does not come to be', () => {
  it.each([
    { RAPIDA_CONTEXT_ID: OTHER_ID },
    { __RAPIDA_CONTEXT_ID: OTHER_ID },
    { RAPIDA_CONTEXT_ID: CONTEXT_ID, __RAPIDA_CONTEXT_ID: OTHER_ID },
  ])('because MEDIA_START says %j is hung up and recorded', async (channelVariables: Record<string, string>) => {
    const { attached, abandoned } = await start();
    const client = connect(`${PATH}?contextId=${CONTEXT_ID}`, { channelVariables });
    await client.opened;
    expect(await client.ended).toMatchObject({ how: 'app_hangup' });
    await api.close();
    expect(attached).toEqual([]);
    expect(abandoned).toMatchObject([{ context: CONTEXT, code: 'context_mismatch' }]);
    expect(JSON.stringify(abandoned)).not.toContain(OTHER_ID);
    expect(api.counts).toContain('rapida_media_refused_total{transport=websocket,code=context_mismatch}');
  });

  it('because its format is not spoken is recorded', async () => {
    const { attached, abandoned } = await start();
    const client = connect(`${PATH}/${CONTEXT_ID}`, { format: 'slin12' });
    await client.opened;
    expect(await client.ended).toMatchObject({ how: 'app_closed', closeCode: 1003 });
    await api.close();
    expect(attached).toEqual([]);
    expect(abandoned).toEqual([{ context: CONTEXT, code: 'media_format_unknown', detail: 'format_unsupported' }]);
    expect(api.counts).toContain('rapida_media_refused_total{transport=websocket,code=media_format_unknown}');
  });

  it('because MEDIA_START never came is recorded', async () => {
    const { attached, abandoned } = await start();
    const upgrade = rawUpgrade(WEBSOCKET);
    const socket = await new Promise<Socket>((resolve) => {
      upgrade.on('upgrade', (_response: IncomingMessage, upgraded: Socket) => resolve(upgraded));
    });
    const closed = new Promise((resolve) => socket.on('close', resolve));
    // Past MEDIA_START, and past the wait for the closing handshake that this client does not know.
    await api.clock.advance(5_000 + 2_000);
    socket.resume();
    await closed;
    await api.close();
    expect(attached).toEqual([]);
    expect(abandoned).toEqual([{ context: CONTEXT, code: 'media_start_missing', detail: 'start_timeout' }]);
  });

  it('because the request is no WebSocket handshake is recorded: its context is spent', async () => {
    const { abandoned } = await start();
    const upgrade = rawUpgrade({ Upgrade: 'websocket' });
    const answer = await new Promise<IncomingMessage>((resolve) => upgrade.on('response', resolve));
    expect(answer.statusCode).toBe(400);
    answer.resume();
    await api.close();
    expect(abandoned).toMatchObject([{ context: CONTEXT, code: 'media_start_missing' }]);
    expect(api.counts).toContain('rapida_media_refused_total{transport=websocket,code=invalid_request}');
  });

  it('because the transport could not be made is recorded, and logged with its cause', async () => {
    const openMedia = () => {
      throw new TypeError('no codec');
    };
    const { abandoned } = await start({}, { openMedia });
    const client = connect(`${PATH}/${CONTEXT_ID}`);
    await client.ended;
    await api.close();
    expect(abandoned).toMatchObject([{ context: CONTEXT }]);
    expect(api.logLines.join('\n')).toContain('no codec');
  });
});
