import { getEventListeners, once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { TEST_TLS, VirtualClock } from '@rapida/core/testing';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openLoopback } from '../testing/loopback.js';
import { ANSWER_BYTES_MAX, type Outgoing, SEND_MS_MAX, type SendOutcome, send } from './send.js';
import { checkTarget, type Lookup, systemLookup } from './target.js';
import { eventually, SECRET } from './testing/outbox.js';
import { openReceiver, type Received, type Receiver, silence, status } from './testing/receiver.js';

let receiver: Receiver;
let clock: VirtualClock;
beforeEach(async () => {
  receiver = await openReceiver();
  clock = new VirtualClock();
});
afterEach(() => receiver.close());

const NEVER = new AbortController().signal;
const BODY = JSON.stringify({ type: 'call.ended', data: { text: 'Grüße, 世界' } });

function sending(url: string, signal = NEVER, lookup: Lookup = systemLookup): Promise<SendOutcome | undefined> {
  const outgoing: Outgoing = { id: '7001', url, body: BODY, secret: SECRET };
  return send(
    { clock, checkTarget: (target) => checkTarget(target, { allowPrivate: true, lookup }) },
    outgoing,
    signal,
  );
}

function verified({ headers, body }: Received, nowMs: number, secret = SECRET): unknown {
  // The verifier reads the time of the machine.
  vi.setSystemTime(nowMs);
  try {
    return new Webhook(secret).verify(body, headers as Record<string, string>);
  } finally {
    vi.useRealTimers();
  }
}

describe('sending to a webhook', () => {
  it('posts the body with the headers of Standard Webhooks, and its verifier takes it', async () => {
    const url = `${receiver.url}?tenant=1`;
    expect(await sending(url)).toEqual({ status: 204, error: null, retryAfter: undefined });
    const [received] = receiver.received;
    expect(received).toMatchObject({
      method: 'POST',
      path: '/hook?tenant=1',
      body: BODY,
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(BODY)),
        'user-agent': 'rapida-webhooks/1',
        'webhook-id': '7001',
        'webhook-timestamp': String(Math.floor(clock.wallMs() / 1_000)),
        host: new URL(url).host,
      },
    });
    expect(verified(received!, clock.wallMs())).toEqual(JSON.parse(BODY));
    expect(getEventListeners(NEVER, 'abort')).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('makes a signature that another secret, another body and another time do not have', async () => {
    await sending(receiver.url);
    const [received] = receiver.received;
    const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    const nowMs = clock.wallMs();
    expect(() => verified(received!, nowMs, other)).toThrow('No matching signature');
    expect(() => verified({ ...received!, body: `${BODY} ` }, nowMs)).toThrow('No matching signature');
    expect(() => verified(received!, nowMs + 301_000)).toThrow('too old');
  });

  it.each([200, 301, 404, 410, 500])('tells of the status %i', async (code) => {
    receiver.answer(status(code, { location: receiver.url, 'retry-after': '17' }));
    expect(await sending(receiver.url)).toEqual({ status: code, error: null, retryAfter: '17' });
    expect(receiver.received).toHaveLength(1);
  });

  it('reads no more than a little of the answer, and leaves no connection', async () => {
    let isCut = false;
    receiver.answer(({ response }) => {
      response.once('close', () => {
        isCut = !response.writableFinished;
      });
      response.writeHead(200).write('x'.repeat(ANSWER_BYTES_MAX));
    });
    expect(await sending(receiver.url)).toMatchObject({ status: 200 });
    await eventually(() => isCut && receiver.connections === 0);
  });

  it('keeps the status of an answer that is cut, or does not end in time', async () => {
    receiver.answer(({ response }) =>
      response.writeHead(201, { 'content-length': '9' }).write('a', () => response.destroy()),
    );
    expect(await sending(receiver.url)).toMatchObject({ status: 201, error: null });
    let begun = false;
    receiver.answer(({ response }) => {
      response.writeHead(202).write('a', () => {
        begun = true;
      });
    });
    const slow = sending(receiver.url);
    await eventually(() => begun);
    const loopback = await openLoopback();
    for (let trips = 0; trips < 3; trips++) await loopback.trip();
    await loopback.close();
    await clock.advance(SEND_MS_MAX);
    expect(await slow).toMatchObject({ status: 202, error: null });
    await eventually(() => receiver.connections === 0);
  });

  it('gives up after ten seconds without an answer', async () => {
    receiver.answer(silence);
    const outcome = sending(receiver.url);
    await eventually(() => receiver.received.length === 1);
    await clock.advance(SEND_MS_MAX - 1);
    expect(receiver.connections).toBe(1);
    await clock.advance(1);
    expect(await outcome).toEqual({ status: null, error: 'no answer within 10 s', retryAfter: undefined });
    await eventually(() => receiver.connections === 0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives up after ten seconds where the name server is silent', async () => {
    const outcome = sending('http://slow.example/', NEVER, () => new Promise(() => {}));
    await clock.advance(SEND_MS_MAX);
    expect(await outcome).toMatchObject({ status: null, error: 'no answer within 10 s' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('is ended by its signal, without an outcome', async () => {
    receiver.answer(silence);
    const abort = new AbortController();
    const outcome = sending(receiver.url, abort.signal);
    await eventually(() => receiver.received.length === 1);
    abort.abort();
    expect(await outcome).toBeUndefined();
    await eventually(() => receiver.connections === 0);
    expect(await sending(receiver.url, abort.signal)).toBeUndefined();
    expect(receiver.received).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('tells why there was no answer by a code, not by an address', async () => {
    const { url } = receiver;
    await receiver.close();
    expect(await sending(url)).toEqual({ status: null, error: 'no answer: ECONNREFUSED', retryAfter: undefined });
    receiver = await openReceiver();
    receiver.answer(({ response }) => response.destroy());
    expect(await sending(receiver.url)).toMatchObject({ status: null, error: 'no answer: ECONNRESET' });
  });

  it('tells where the target is refused, and asks nobody', async () => {
    const checked = {
      clock,
      checkTarget: (url: string) => checkTarget(url, { allowPrivate: false, lookup: systemLookup }),
    };
    const outcome = await send(checked, { id: '1', url: receiver.url, body: BODY, secret: SECRET }, NEVER);
    expect(outcome).toMatchObject({ status: null, error: expect.stringContaining('not on the public internet') });
    expect(receiver.connections).toBe(0);
    expect(receiver.received).toEqual([]);
  });

  it('survives a receiver that does not speak HTTP', async () => {
    const server = createServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end('SSH-2.0-OpenSSH_9.6\r\n'),
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const outcome = await sending(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(outcome).toMatchObject({ status: null, error: expect.stringMatching(/^no answer: /) });
    await once(server.close(), 'close');
  });
});

describe('sending to a name', () => {
  it('connects to the address that was checked, whatever the name means a moment later', async () => {
    let asked = 0;
    const rebinding: Lookup = async () => {
      asked++;
      return asked === 1 ? [{ address: '127.0.0.1', family: 4 }] : [{ address: '127.0.0.2', family: 4 }];
    };
    const { port } = new URL(receiver.url);
    expect(await sending(`http://rebinding.invalid:${port}/`, NEVER, rebinding)).toMatchObject({ status: 204 });
    expect(asked).toBe(1);
    expect(receiver.received[0]?.headers.host).toBe(`rebinding.invalid:${port}`);
  });

  it('tries the next of its addresses where one does not answer', async () => {
    const { port } = new URL(receiver.url);
    const lookup: Lookup = async () => [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ];
    expect(await sending(`http://two.invalid:${port}/`, NEVER, lookup)).toMatchObject({ status: 204 });
  });
});

describe('sending over TLS', () => {
  it('goes to nobody whose certificate is not known, whatever the environment allows', async () => {
    const secure = await openReceiver((listener) => createTlsServer(TEST_TLS, listener), 'https');
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    try {
      expect(await sending(secure.url)).toMatchObject({
        status: null,
        error: 'no answer: DEPTH_ZERO_SELF_SIGNED_CERT',
      });
      expect(secure.received).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      warned.mockRestore();
      await secure.close();
    }
  });
});
