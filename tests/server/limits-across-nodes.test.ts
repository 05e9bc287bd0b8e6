import { createFakeAri } from '@rapida/ari/testing';
import { systemClock } from '@rapida/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Api, request } from './support/api.js';
import { callOverAudioSocket } from './support/caller.js';
import type { ServedProcess } from './support/command.js';
import { type Installation, openInstallation } from './support/installation.js';
import { ARI_USER, asteriskCredential, callingAssistant, originates, placeCall } from './support/outbound.js';

const CALLS_MAX = 3;
const PLACED_MAX = 2;
/** From the death of a node until its places are free. */
const FREE_MS = 15_000;

let installation: Installation;
let [a, b] = [] as unknown as [ServedProcess, ServedProcess];
beforeAll(async () => {
  installation = await openInstallation({
    environment: { LIMITS__MAX_CALLS: String(CALLS_MAX), LIMITS__OUTBOUND_CALLS: String(PLACED_MAX) },
  });
  a = await installation.node('a');
  b = await installation.node('b');
}, 120_000);
afterAll(() => installation?.remove(), 30_000);

async function assistantWith(api: Api, name: string, concurrentCalls: number | null): Promise<string> {
  const config = { name, greeting: 'Hello.', silence: { promptAfterMs: 120_000 } };
  const { id } = await api.send<{ id: string }>('POST', '/v1/assistants', config);
  await api.send('PUT', `/v1/assistants/${id}/phone-deployment`, { enabled: true, limits: { concurrentCalls } });
  return id;
}

const register = (node: ServedProcess, assistantId: string) =>
  request(node.url, `/v1/talk/asterisk/call/${assistantId}?from=1`, { key: node.api.key });
const talks = async (node: ServedProcess, contextId: string) => {
  const caller = await callOverAudioSocket(node, contextId);
  await a.api.ended(contextId, { state: 'connected' });
  return caller;
};

describe('the limits of an installation of two nodes', () => {
  it('count a call once, wherever it was let in and has its media, and free its place when it has ended', async () => {
    const assistantId = await assistantWith(a.api, 'two', 2);
    const first = await talks(b, (await register(a, assistantId)).text);
    const second = await talks(a, (await register(a, assistantId)).text);
    for (const node of [a, b]) {
      const refused = await register(node, assistantId);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
      expect(JSON.parse(refused.text)).toMatchObject({ code: 'at_capacity' });
    }
    first.hangup();
    await a.api.ended(first.contextId, { state: 'completed' });
    let third = await register(b, assistantId);
    await vi.waitFor(async () => {
      if (third.status !== 200) third = await register(b, assistantId);
      expect(third.status).toBe(200);
    });
    expect((await register(a, assistantId)).status).toBe(503);
    second.hangup();
    (await talks(a, third.text)).hangup();
    await a.api.ended(second.contextId, { state: 'completed' });
    await a.api.ended(third.text, { state: 'completed' });
  }, 60_000);

  it('hold for the calls that a project places, wherever they are ordered and dialled', async () => {
    const pbx = await createFakeAri({ clock: systemClock, user: ARI_USER, password: 'secret' });
    try {
      pbx.phone('8000', { outcome: 'nothing' });
      const credentialId = await asteriskCredential(a.api, 'pbx', { url: pbx.url, password: 'secret' });
      const assistantId = await callingAssistant(a.api, credentialId, { context: 'from-rapida' });
      const orders = [a, b, a, b].map((node) => placeCall(node.api, { assistantId, to: '8000' }));
      const ids = (await Promise.all(orders)).map(({ id }) => id);
      const dialled = () => originates(pbx).map(({ channelId }) => channelId);
      await vi.waitFor(() => expect(dialled()).toHaveLength(PLACED_MAX), { timeout: 10_000 });
      // Both look at the queue every second.
      const sinceMs = systemClock.nowMs();
      await vi.waitFor(() => expect(systemClock.nowMs() - sinceMs).toBeGreaterThan(2_500), { timeout: 5_000 });
      expect(dialled()).toHaveLength(PLACED_MAX);
      const first = ids.find((id) => dialled()[0] === `rapida-${id}-1`);
      await a.api.send('POST', `/v1/calls/${first}/hangup`, {});
      await vi.waitFor(() => expect(dialled()).toHaveLength(PLACED_MAX + 1), { timeout: 10_000 });
      expect(new Set(dialled()).size).toBe(PLACED_MAX + 1);
      for (const id of ids) if (id !== first) await b.api.send('POST', `/v1/calls/${id}/hangup`, {});
    } finally {
      await pbx.close();
    }
  }, 60_000);

  it('keep the pace of a credential, however many nodes dial with it', async () => {
    const pbx = await createFakeAri({ clock: systemClock, user: ARI_USER, password: 'secret' });
    try {
      pbx.phone('8001', { outcome: 'busy' });
      const value = { ari_url: pbx.url, ari_user: ARI_USER, ari_password: 'secret', trunk: 'trunk' };
      const credential = { name: 'slow', provider: 'asterisk', value, callsPerSecond: 2 };
      const { id: credentialId } = await a.api.send<{ id: string }>('POST', '/v1/credentials', credential);
      const assistantId = await callingAssistant(a.api, credentialId, { context: 'from-rapida' });
      const sinceMs = systemClock.nowMs();
      await Promise.all([a, b, a, b, a].map((node) => placeCall(node.api, { assistantId, to: '8001' })));
      await vi.waitFor(() => expect(originates(pbx)).toHaveLength(5), { timeout: 20_000, interval: 10 });
      // Four times half a second between five.
      expect(systemClock.nowMs() - sinceMs).toBeGreaterThanOrEqual(1_990);
    } finally {
      await pbx.close();
    }
  }, 60_000);

  it('hold for all assistants together, and free the places of a node that died', async () => {
    const assistantId = await assistantWith(a.api, 'all', null);
    const c = await installation.node('c');
    await talks(c, (await register(a, assistantId)).text);
    expect((await register(c, assistantId)).status).toBe(200);
    const kept = await talks(b, (await register(c, assistantId)).text);
    expect((await register(a, assistantId)).status).toBe(503);
    c.child.kill('SIGKILL');
    await c.finished;
    await vi.waitFor(async () => expect((await register(b, assistantId)).status).toBe(200), {
      timeout: FREE_MS,
      interval: 100,
    });
    // One more was free, and the call that had its media elsewhere has kept its place.
    expect((await register(a, assistantId)).status).toBe(200);
    expect((await register(a, assistantId)).status).toBe(503);
    expect(kept.over).toBeUndefined();
    kept.hangup();
  }, 90_000);
});
