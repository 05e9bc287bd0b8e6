import { createFakeAri } from '@rapida/ari/testing';
import { systemClock } from '@rapida/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { request } from './support/api.js';
import { type Caller, callOverAudioSocket, callOverWebSocket, stillTalks } from './support/caller.js';
import type { ServedProcess } from './support/command.js';
import { type Installation, openInstallation, seesNodes } from './support/installation.js';
import { ARI_USER, asteriskCredential, giveSound } from './support/outbound.js';

/** The engines of each node load when its first call comes; the machine may be busy. */
const ENGINES_MS = 30_000;
/** Until a process that has nothing more to wait for has ended. */
const ENDS_MS = 20_000;
const GOODBYE = 'We have to stop now. Goodbye.';

let installation: Installation;
let b: ServedProcess;
let assistantId: string;
beforeAll(async () => {
  installation = await openInstallation();
  b = await installation.node('b');
  const config = {
    name: 'patient',
    greeting: 'Hello.',
    silence: { promptAfterMs: 120_000 },
    limits: { serverStopGoodbye: GOODBYE },
  };
  assistantId = (await b.api.send<{ id: string }>('POST', '/v1/assistants', config)).id;
}, 90_000);
afterAll(() => installation?.remove(), 30_000);

const register = (node: ServedProcess) =>
  request(node.url, `/v1/talk/asterisk/call/${assistantId}?from=1`, { key: node.api.key });
const say = (node: ServedProcess, id: string) =>
  request(node.url, `/v1/calls/${id}/say`, {
    method: 'POST',
    key: node.api.key,
    body: '{"text":"One moment please."}',
  });

async function greeted(caller: Caller): Promise<string> {
  await vi.waitFor(() => expect(caller.voiced).toBeGreaterThan(0), { timeout: ENGINES_MS, interval: 50 });
  const { id } = await b.api.ended(caller.contextId, { state: 'connected' });
  await vi.waitFor(async () => expect((await b.api.transcript(id)).data).toHaveLength(1), { timeout: 5_000 });
  return id;
}

/** Its exit code. */
const ended = (node: ServedProcess) =>
  vi.waitFor(
    () => {
      const { exitCode, signalCode } = node.child;
      expect(exitCode ?? signalCode, 'it has not ended').not.toBeNull();
      return exitCode ?? signalCode;
    },
    { timeout: ENDS_MS, interval: 50 },
  );

const isRunning = (node: ServedProcess): boolean => node.child.exitCode === null && node.child.signalCode === null;

describe('a node that is told to stop', () => {
  it('takes no new calls, lets in those whose contexts it gave out, and ends when the last one has ended', async () => {
    const a = await installation.node('a');
    const running = await callOverAudioSocket(a, await a.api.register(assistantId));
    const id = await greeted(running);
    const [here, there] = [await a.api.register(assistantId), await a.api.register(assistantId)];
    a.child.kill('SIGTERM');
    await vi.waitFor(async () => expect((await request(a.url, '/readyz')).status).toBe(503));
    const refused = await register(a);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'draining' });
    expect((await register(b)).status).toBe(200);
    await seesNodes(b.api, { a: 'draining', b: 'up' });

    const late = await callOverWebSocket(a, here);
    const moved = await callOverAudioSocket(b, there);
    for (const caller of [late, moved]) await b.api.ended(caller.contextId, { state: 'connected' });
    await stillTalks(running, () => say(b, id));
    running.hangup();
    moved.hangup();
    await b.api.ended(running.contextId, { state: 'completed', disconnectedBy: 'user' });
    expect(isRunning(a)).toBe(true);
    late.hangup();
    await b.api.ended(late.contextId, { state: 'completed', disconnectedBy: 'user' });
    expect(await ended(a)).toBe(0);
    await seesNodes(b.api, { b: 'up' });
  }, 90_000);

  it('says goodbye to those who talk on for longer than it waits', async () => {
    const c = await installation.node('c', { DRAIN__TIMEOUT_SECONDS: '1' });
    const caller = await callOverAudioSocket(c, await c.api.register(assistantId));
    const id = await greeted(caller);
    const { voiced } = caller;
    c.child.kill('SIGTERM');
    await caller.ended;
    expect(caller.voiced, 'frames with sound of a goodbye of more than a second').toBeGreaterThan(voiced + 50);
    expect(await ended(c)).toBe(0);
    await b.api.ended(caller.contextId, { state: 'completed', disconnectedBy: 'system', reason: 'server_shutdown' });
    expect((await b.api.transcript(id)).data.at(-1)).toMatchObject({ role: 'assistant', text: GOODBYE });
  }, 90_000);

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends at once, with its calls on record, when it is told twice (%s)',
    async (signal) => {
      const name = `twice-${signal.toLowerCase()}`;
      const d = await installation.node(name);
      const caller = await callOverAudioSocket(d, await d.api.register(assistantId));
      await greeted(caller);
      d.child.kill(signal);
      await vi.waitFor(async () => expect((await request(d.url, '/readyz')).status).toBe(503));
      expect(isRunning(d)).toBe(true);
      d.child.kill(signal);
      expect(await ended(d)).toBe(0);
      await caller.ended;
      await b.api.ended(caller.contextId, { state: 'completed', disconnectedBy: 'system', reason: 'server_shutdown' });
      await seesNodes(b.api, { b: 'up' });
    },
    90_000,
  );

  it('takes callers who come to Stasis until another node does', async () => {
    const pbx = await createFakeAri({ clock: systemClock, user: ARI_USER, password: 'secret' });
    const e = await installation.node('e');
    try {
      giveSound(pbx, { doors: e });
      const credentialId = await asteriskCredential(b.api, 'pbx', { url: pbx.url, password: 'secret' });
      await b.api.send('PUT', `/v1/assistants/${assistantId}/phone-deployment`, { enabled: true, credentialId });
      const connected = () => pbx.requests.filter(({ path }) => path.endsWith('/answer')).length;
      const arrive = (n: number) => pbx.incoming({ number: `60${n}`, to: '100', app: 'rapida', args: [] });
      await vi.waitFor(
        () => {
          const channelId = arrive(0);
          expect(pbx.channels().map(({ id }) => id)).toContain(channelId);
        },
        { timeout: 10_000, interval: 250 },
      );
      await vi.waitFor(() => expect(connected()).toBe(1), { timeout: 10_000 });
      b.child.kill('SIGTERM');
      for (let n = 1; n <= 12; n++) {
        arrive(n);
        const dueMs = systemClock.nowMs() + 500;
        await vi.waitFor(() => expect(systemClock.nowMs()).toBeGreaterThan(dueMs), { interval: 20 });
      }
      await vi.waitFor(() => expect(connected()).toBe(13), { timeout: 10_000 });
      await vi.waitFor(
        async () => {
          type Arrived = { from: string; state: string; reason: string | null };
          const { data } = await e.api.get<{ data: Arrived[] }>('/v1/calls?limit=50');
          const arrived = data.filter(({ from }) => from.startsWith('60'));
          const ups = Array.from({ length: 13 }, (_, n) => `60${n} connected null`).sort();
          expect(arrived.map(({ from, state, reason }) => `${from} ${state} ${reason}`).sort()).toEqual(ups);
        },
        { timeout: ENGINES_MS, interval: 100 },
      );
      expect(isRunning(b), 'it steers those that came to it').toBe(true);
      for (const { id } of pbx.channels()) pbx.hangupByCallee(id);
      expect(await ended(b)).toBe(0);
    } finally {
      await pbx.close();
    }
  }, 120_000);
});
