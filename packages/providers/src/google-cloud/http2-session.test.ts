import { createServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { VirtualClock } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { when } from '../wire/testing/when.js';
import { Http2Session } from './http2-session.js';

const clock = new VirtualClock();
let unanswered = 0;
const accepted: ServerHttp2Session[] = [];
const server = createServer((request, response) => {
  if (request.url === '/never') unanswered++;
  else response.end('answered');
});
server.on('session', (session) => void accepted.push(session.on('error', () => {})));
let session: Http2Session;

beforeEach(async () => {
  accepted.length = 0;
  unanswered = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  session = new Http2Session({ clock, baseUrl: `http://127.0.0.1:${port}/`, openMs: 5_000 });
});

afterEach(async () => {
  session.close();
  for (const one of accepted) one.destroy();
  await new Promise((resolve) => server.close(resolve));
  expect(clock.pendingTimers).toBe(0);
});

async function ask(path: string): Promise<string> {
  const stream = await session.request('GET', path, {}, {});
  stream.end();
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

describe('the connection to Google', () => {
  it('is made once for all who ask while it is being made', async () => {
    const [one, other] = await Promise.all([session.connect(), session.connect()]);
    expect(one === other).toBe(true);
    expect([await ask('/'), await ask('/')]).toEqual(['answered', 'answered']);
    expect(accepted.length).toBe(1);
  });

  it('is made anew after a GOAWAY, which Google says to one that was idle', async () => {
    const first = await session.connect();
    await when(() => accepted.length === 1);
    accepted[0]?.goaway(0);
    await when(() => first.closed);
    expect((await session.connect()) === first).toBe(false);
    expect(await ask('/')).toBe('answered');
    expect(accepted.length).toBe(2);
  });

  it('is made anew after it broke, and its error is thrown at nobody', async () => {
    const first = await session.connect();
    await when(() => accepted.length === 1);
    accepted[0]?.destroy(new Error('the front end restarts'));
    await when(() => first.destroyed);
    expect(await ask('/')).toBe('answered');
    expect(accepted.length).toBe(2);
  });

  it('that says GOAWAY keeps the requests it has; new ones go over another', async () => {
    const stream = await session.request('GET', '/never', {}, {});
    const ended = new Promise((resolve) => stream.on('error', () => {}).on('close', resolve));
    stream.end();
    await when(() => unanswered === 1);
    const first = await session.connect();
    accepted[0]?.goaway(0);
    await when(() => first.closed);
    expect(await ask('/')).toBe('answered');
    expect([accepted.length, stream.closed]).toEqual([2, false]);
    session.close();
    await ended;
  });

  it('is not made after it was closed', async () => {
    session.close();
    await expect(session.connect()).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect(accepted.length).toBe(0);
  });
});
