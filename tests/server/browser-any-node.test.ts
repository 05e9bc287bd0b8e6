import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { request } from './support/api.js';
import { callOverAudioSocket } from './support/caller.js';
import type { ServedProcess } from './support/command.js';
import { earOf } from './support/ear.js';
import { type Installation, openInstallation } from './support/installation.js';

/** The engines of each node load when its first call comes; the machine may be busy. */
const WAIT = { timeout: 30_000, interval: 50 };

let installation: Installation;
let [a, b] = [] as unknown as [ServedProcess, ServedProcess];
let assistantId: string;
beforeAll(async () => {
  installation = await openInstallation();
  a = await installation.node('a');
  b = await installation.node('b');
  const config = {
    name: 'patient',
    greeting: 'Hello, you are through to the front desk.',
    silence: { promptAfterMs: 120_000 },
  };
  assistantId = (await a.api.send<{ id: string }>('POST', '/v1/assistants', config)).id;
}, 150_000);
afterAll(() => installation?.remove(), 30_000);

function connect(node: ServedProcess, path: string, headers: Readonly<Record<string, string>>) {
  const socket = new WebSocket(`${node.url.replace('http', 'ws')}/${path}`, { headers });
  return earOf(socket);
}

it('a call at one node is listened to at the other, until it is over', { timeout: 90_000 }, async () => {
  const caller = await callOverAudioSocket(b, await a.api.register(assistantId));
  await vi.waitFor(() => expect(caller.voiced).toBeGreaterThan(0), WAIT);
  const { id } = await a.api.ended(caller.contextId, { state: 'connected' }, 30_000);
  const listener = connect(a, `v1/calls/${id}/listen`, { 'x-api-key': a.api.key });
  await listener.open;
  const say = { text: 'One moment please, I am looking it up for you.' };
  await a.api.send('POST', `/v1/calls/${id}/say`, say);
  await vi.waitFor(() => expect(listener.sound.voiced).toBeGreaterThan(5), WAIT);
  await vi.waitFor(() => expect(listener.sound.bytes).toBeGreaterThan(2 * 64_000), WAIT);
  caller.hangup();
  expect((await listener.closed)[0]).toBe(1000);
  expect(listener.told.map(({ type, reason }) => reason ?? type)).toEqual(['started', 'call_ended']);
});

it('a session of one node is one of the other, which takes the test call that the first has registered', {
  timeout: 90_000,
}, async () => {
  const body = JSON.stringify({ apiKey: a.api.key });
  const signedIn = await request(a.url, '/v1/session', { method: 'POST', body });
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
  const registered = await request(a.url, `/v1/assistants/${assistantId}/test-calls`, {
    ...{ method: 'POST', headers: { cookie, 'x-rapida-csrf': '1' }, body: JSON.stringify({ mode: 'microphone' }) },
  });
  const { path, callId } = JSON.parse(registered.text);
  const page = connect(b, path, { cookie, origin: b.url });
  await page.open;
  await vi.waitFor(() => expect(page.sound.voiced).toBeGreaterThan(10), WAIT);
  page.socket.send(JSON.stringify({ type: 'hangup' }));
  await page.closed;
  expect(page.told.at(-1)).toMatchObject({ type: 'ended', reason: 'caller_hangup' });
  expect(await a.api.get(`/v1/calls/${callId}`)).toMatchObject({ state: 'completed', transport: 'browser' });
  await request(b.url, '/v1/session', { method: 'DELETE', headers: { cookie, 'x-rapida-csrf': '1' } });
  expect((await request(a.url, '/v1/calls', { headers: { cookie } })).status).toBe(401);
});
