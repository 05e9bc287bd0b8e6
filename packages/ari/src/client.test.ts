import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAriClient } from './client.js';
import { HandClock } from './hand-clock.test.support.js';
import { type Lab, PASSWORD, startLab, USER } from './lab.test.support.js';

const UUID = '6f0cbb30-7b0f-4c3e-8d5d-1f6f1a0c9a11';

let lab: Lab;
const stops: Array<() => Promise<unknown>> = [];
beforeEach(async () => {
  lab = await startLab();
});
afterEach(async () => {
  await lab.close();
  for (const stop of stops.splice(0)) await stop();
});

/** A server for what no Asterisk does. */
async function foreign(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  stops.push(() => {
    server.closeAllConnections();
    return once(server.close(), 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function clientOf(url: string, clock = new HandClock()) {
  return createAriClient({ access: { url, user: USER, password: () => PASSWORD }, clock });
}

const call = { endpoint: 'PJSIP/+15551234567@trunk', channelId: 'call-1', timeoutSeconds: 30, variables: {} };

describe('a client', () => {
  it('asks what Asterisk this is', async () => {
    expect(await lab.client.info()).toEqual({ ok: true, value: { version: '22.10.1', entityName: 'fake' } });
    expect(await lab.client.ping()).toEqual({ ok: true, value: undefined });
    expect(lab.clock.pendingTimers).toBe(0);
  });

  it('tells a module that runs from one that does not and one that is missing, with or without .so', async () => {
    await lab.close();
    lab = await startLab({ modules: { 'chan_websocket.so': 'Running', 'app_audiosocket.so': 'Not Running' } });
    expect(await lab.client.moduleStatus('chan_websocket')).toEqual({ ok: true, value: 'running' });
    expect(await lab.client.moduleStatus('chan_websocket.so')).toEqual({ ok: true, value: 'running' });
    expect(await lab.client.moduleStatus('app_audiosocket')).toEqual({ ok: true, value: 'not_running' });
    expect(await lab.client.moduleStatus('chan_skinny')).toEqual({ ok: true, value: 'missing' });
  });

  it('knows whether an endpoint exists', async () => {
    expect(await lab.client.endpointExists('PJSIP', 'trunk')).toEqual({ ok: true, value: true });
    expect(await lab.client.endpointExists('PJSIP', 'nobody')).toEqual({ ok: true, value: false });
  });

  it('sends a call with everything in its place, the + of a number percent-encoded', async () => {
    await lab.follow('bot');
    const variables = { RAPIDA_CONTEXT_ID: UUID, 'CALLERID(name)': 'Ann & Bob' };
    const callerId = 'Müller + Söhne <+1555>';
    const made = await lab.client.originate({ ...call, callerId, variables, app: 'bot', appArgs: 'a,b' });
    expect(made).toMatchObject({ ok: true, value: { id: 'call-1', state: 'Down', caller: { number: '+1555' } } });
    expect(lab.fake.requests.at(-1)).toEqual({
      method: 'POST',
      path: '/channels',
      query: { endpoint: call.endpoint, channelId: 'call-1', callerId, timeout: '30', app: 'bot', appArgs: 'a,b' },
      body: { variables },
    });
  });

  it('sends a call into the dialplan, and no body without variables', async () => {
    await lab.client.originate({ ...call, context: 'bot', extension: 's', priority: 1 });
    expect(lab.fake.requests.at(-1)).toEqual({
      method: 'POST',
      path: '/channels',
      query: {
        endpoint: call.endpoint,
        channelId: 'call-1',
        timeout: '30',
        context: 'bot',
        extension: 's',
        priority: '1',
      },
      body: undefined,
    });
  });

  it('takes what is gone already for hung up and destroyed, and finds nothing there', async () => {
    expect(await lab.client.hangup('nobody')).toEqual({ ok: true, value: undefined });
    expect(await lab.client.destroyBridge('none')).toEqual({ ok: true, value: undefined });
    expect(await lab.client.channel('nobody')).toEqual({ ok: true, value: undefined });
    expect(await lab.client.channelVariable('nobody', 'X')).toEqual({ ok: true, value: undefined });
    expect(await lab.client.channels()).toEqual({ ok: true, value: [] });
    expect(await lab.client.bridges()).toEqual({ ok: true, value: [] });
  });

  it('reads variables, an empty one included', async () => {
    await lab.client.originate({ ...call, variables: { A: 'x', B: '' }, context: 'bot', extension: 's', priority: 1 });
    expect(await lab.client.channelVariable('call-1', 'A')).toEqual({ ok: true, value: 'x' });
    expect(await lab.client.channelVariable('call-1', 'B')).toEqual({ ok: true, value: '' });
    expect(await lab.client.channelVariable('call-1', 'C')).toEqual({ ok: true, value: undefined });
  });

  it('keeps a prefix of the url, and takes it with or without /ari and slashes', async () => {
    const seen: string[] = [];
    const url = await foreign((request, response) => {
      seen.push(request.url ?? '');
      response.end('{"ping":"pong"}');
    });
    for (const suffix of ['', '/', '/ari', '/ari/', '/pbx', '/pbx/ari/']) await clientOf(`${url}${suffix}`).ping();
    const plain = '/ari/asterisk/ping';
    expect(seen).toEqual([plain, plain, plain, plain, `/pbx${plain}`, `/pbx${plain}`]);
  });

  it.each(['', 'nonsense', 'ftp://host', 'http://user:secret@host', 'http://host/?a=b'])(
    'refuses the url %j without showing it',
    (url) => {
      expect(() => clientOf(url)).toThrow(TypeError);
      expect(() => clientOf(url)).not.toThrow(/secret/);
    },
  );

  it('asks for the password each time', async () => {
    let password = 'wrong';
    const access = { url: lab.fake.url, user: USER, password: () => password };
    const client = createAriClient({ access, clock: lab.clock });
    const refused = await client.ping();
    expect(refused).toMatchObject({ ok: false, failure: { kind: 'unauthorized', status: 401, sent: true } });
    password = PASSWORD;
    expect(await client.ping()).toMatchObject({ ok: true });
  });

  it('is no worse off when the password cannot be had', async () => {
    const access = {
      url: lab.fake.url,
      user: USER,
      password: () => {
        throw new Error('vault is sealed');
      },
    };
    const result = await createAriClient({ access, clock: lab.clock }).ping();
    expect(result).toMatchObject({ ok: false, failure: { kind: 'invalid', sent: false } });
    expect(lab.fake.requests).toEqual([]);
  });

  it('asks about the channel it was given and nothing else, whatever the id is made of', async () => {
    const id = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'./%2e?#&+ ') }));
    await fc.assert(
      fc.asyncProperty(id, async (channelId) => {
        const before = lab.fake.requests.length;
        const result = await lab.client.hangup(channelId);
        if (!result.ok) {
          expect(result.failure).toMatchObject({ kind: 'invalid', sent: false });
          expect(lab.fake.requests.length).toBe(before);
          expect(channelId === '' || channelId === '.' || channelId === '..' || /\p{Cs}/u.test(channelId)).toBe(true);
        } else expect(lab.fake.requests.at(-1)).toMatchObject({ method: 'DELETE', path: `/channels/${channelId}` });
      }),
      { numRuns: 60 },
    );
  });
});

describe('a request that fails', () => {
  it('at a closed port was certainly not sent', async () => {
    await lab.fake.stop();
    const result = await lab.client.originate({ ...call, app: 'bot' });
    expect(result).toMatchObject({ ok: false, failure: { kind: 'unreachable', sent: false } });
  });

  it('after it was sent may have had its effect', async () => {
    lab.fake.fail({ method: 'POST', path: '/channels' }, 'answer_lost');
    const result = await lab.client.originate({ ...call, context: 'bot', extension: 's', priority: 1 });
    expect(result).toMatchObject({ ok: false, failure: { kind: 'unreachable', sent: true } });
    expect(lab.fake.channels().map((channel) => channel.id)).toEqual(['call-1']);
  });

  it('ends when its time is over, and leaves no timer behind', async () => {
    const clock = new HandClock();
    let arrived = () => {};
    const url = await foreign(() => arrived());
    const asked = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const pending = clientOf(url, clock).ping();
    await asked;
    clock.advance(4999);
    expect(clock.pendingTimers).toBe(1);
    clock.advance(1);
    expect(await pending).toMatchObject({ ok: false, failure: { kind: 'timeout', sent: true } });
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends when its time is over in the middle of the answer', async () => {
    const clock = new HandClock();
    let arrived = () => {};
    const url = await foreign((request, response) => {
      if (request.url?.endsWith('ping')) return response.end();
      response.write('{"system":');
      arrived();
    });
    const halfSent = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const pending = clientOf(url, clock).info();
    await halfSent;
    // A whole exchange later the head has long been read.
    await clientOf(url).ping();
    clock.advance(5000);
    expect(await pending).toMatchObject({ ok: false, failure: { kind: 'timeout', sent: true } });
  });

  it('by a redirect is not repeated elsewhere', async () => {
    const seen: string[] = [];
    const url = await foreign((request, response) => {
      seen.push(request.url ?? '');
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await clientOf(url).ping()).toMatchObject({ ok: false, failure: { kind: 'protocol', status: 302 } });
    expect(seen).toEqual(['/ari/asterisk/ping']);
  });

  it.each(['', 'hello', 'null', '{}', '[]'])('by the answer %j is no success', async (text) => {
    const client = clientOf(await foreign((_request, response) => response.end(text)));
    const failure = { kind: 'protocol', status: 200, sent: true };
    expect(await client.info()).toMatchObject({ ok: false, failure });
    expect(await client.channel('x')).toMatchObject({ ok: false, failure });
    expect(await client.originate({ ...call, app: 'bot' })).toMatchObject({ ok: false, failure });
  });

  it.each([
    ['info', 1_048_576],
    ['channels', 8_388_608],
  ] as const)('by a body over the limit of %s is let go of', async (method, bytesMax) => {
    let sent = bytesMax;
    const url = await foreign((_request, response) => response.end(Buffer.alloc(sent, ' ')));
    const within = await clientOf(url)[method]();
    sent += 1;
    const over = await clientOf(url)[method]();
    expect(within).toMatchObject({ ok: false, failure: { message: 'an answer that is not one of ARI' } });
    expect(over).toMatchObject({
      ok: false,
      failure: { kind: 'protocol', message: `an answer over ${bytesMax} bytes` },
    });
  });

  it('never tells the password, however it comes back', async () => {
    const url = await foreign((request, response) => {
      const message = `${request.headers.authorization} ${PASSWORD} ${encodeURIComponent(PASSWORD)}`;
      response.writeHead(400).end(JSON.stringify({ message }));
    });
    const result = await clientOf(url).ping();
    expect(result).toEqual({
      ok: false,
      failure: { kind: 'invalid', status: 400, message: 'HTTP 400: Basic *** *** ***', sent: true },
    });
  });
});
