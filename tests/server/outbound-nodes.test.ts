import { createFakeAri, type FakeAri } from '@rapida/ari/testing';
import { systemClock } from '@rapida/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { request } from './support/api.js';
import type { ServedProcess } from './support/command.js';
import { type Installation, openInstallation, seesNodes } from './support/installation.js';
import {
  ARI_USER,
  asteriskCredential,
  callingAssistant,
  giveSound,
  hasBecome,
  originates,
  placeCall,
  type SoundOfAsterisk,
} from './support/outbound.js';

const PASSWORD = 'of-the-pbx';
/** The engines of each node load when its first call comes; the machine may be busy. */
const ENGINES_MS = 30_000;
/** From the death of a node until what it had is another one's, or gone. */
const LOST_MS = 20_000;
/** A call whose media never came is given up after ten seconds. */
const GIVEN_UP_MS = 11_000;

let installation: Installation;
let [a, b, c] = [] as unknown as [ServedProcess, ServedProcess, ServedProcess];
let pbx: FakeAri;
let sound: SoundOfAsterisk;
let credentialId: string;
beforeAll(async () => {
  pbx = await createFakeAri({ clock: systemClock, user: ARI_USER, password: PASSWORD });
  installation = await openInstallation();
  a = await installation.node('a');
  [b, c] = await Promise.all([installation.node('b'), installation.node('c')]);
  // What balances the load brings all media to one node, and it is not the one that dials.
  sound = giveSound(pbx, { doors: b });
  credentialId = await asteriskCredential(a.api, 'pbx', { url: pbx.url, password: PASSWORD });
}, 150_000);
afterAll(async () => {
  await installation?.remove();
  await pbx?.close();
}, 30_000);

interface EventJson {
  readonly type: string;
}

const typesOf = async (id: string): Promise<string[]> =>
  (await c.api.get<{ data: EventJson[] }>(`/v1/calls/${id}/events`)).data.map(({ type }) => type);
const dialled = (number: string) => originates(pbx).filter((one) => one.number === number);
const isOver = (id: string) =>
  vi.waitFor(
    () => {
      expect(pbx.channels().filter((channel) => channel.id.startsWith(`rapida-${id}-`))).toEqual([]);
      expect(pbx.bridges().filter((bridge) => bridge.id.startsWith(`rapida-${id}-`))).toEqual([]);
    },
    { timeout: LOST_MS, interval: 50 },
  );

async function talking(node: ServedProcess, assistantId: string, to: string) {
  const { id, contextId } = await placeCall(node.api, { assistantId, to });
  await hasBecome(c.api, id, { state: 'connected' }, ENGINES_MS);
  await vi.waitFor(() => expect(sound.callers.get(contextId)?.voiced).toBeGreaterThan(0), { timeout: ENGINES_MS });
  return { id, contextId };
}

/** Any node may be the one that dials: until it is the one with this application. */
async function ringingBy(app: string, assistantId: string) {
  for (;;) {
    const placed = await placeCall(a.api, { assistantId, to: '7006' });
    await hasBecome(c.api, placed.id, { state: 'ringing' });
    const channelId = `rapida-${placed.id}-1`;
    const asked = pbx.requests.find(({ method, query }) => method === 'POST' && query.channelId === channelId);
    if (asked?.query.app === app) return placed;
    await c.api.send('POST', `/v1/calls/${placed.id}/hangup`, {});
  }
}

describe.each(['dialplan', 'stasis'] as const)(
  'a call that one node places and whose media comes to another (%s)',
  (mode) => {
    let assistantId: string;
    beforeAll(async () => {
      assistantId = await callingAssistant(a.api, credentialId, mode === 'dialplan' ? { context: 'from-rapida' } : {});
    });

    it('is talked with for as long as it likes, and its telephone goes with its end', async () => {
      const { id, contextId } = await talking(a, assistantId, '7001');
      const sinceMs = systemClock.nowMs();
      await vi.waitFor(() => expect(systemClock.nowMs() - sinceMs).toBeGreaterThan(GIVEN_UP_MS), {
        timeout: 2 * GIVEN_UP_MS,
        interval: 100,
      });
      expect(sound.callers.get(contextId)?.over).toBeUndefined();
      const hungUp = await request(c.url, `/v1/calls/${id}/hangup`, { method: 'POST', key: c.api.key, body: '{}' });
      expect(hungUp.status).toBe(204);
      await hasBecome(c.api, id, { state: 'completed', disconnectedBy: 'system' });
      await isOver(id);
      expect((await typesOf(id)).filter((type) => type === 'call.ended')).toHaveLength(1);
      expect(dialled('7001').filter(({ channelId }) => channelId.startsWith(`rapida-${id}-`))).toHaveLength(1);
    }, 90_000);

    it('ends as its telephone hangs up', async () => {
      const { id } = await talking(a, assistantId, '7002');
      pbx.hangupByCallee(`rapida-${id}-1`);
      await hasBecome(c.api, id, { state: 'completed', disconnectedBy: 'user' });
      await isOver(id);
    }, 60_000);

    it('has one end where its telephone is busy, at whatever node it waits', async () => {
      pbx.phone('7003', { outcome: 'busy' });
      const ids = await Promise.all(
        [a, b, c].map(async (node) => (await placeCall(node.api, { assistantId, to: '7003' })).id),
      );
      for (const id of ids) {
        await hasBecome(a.api, id, { state: 'busy' });
        expect((await typesOf(id)).filter((type) => type === 'call.failed' || type === 'call.ended')).toHaveLength(1);
      }
      expect(dialled('7003').filter(({ channelId }) => ids.some((id) => channelId === `rapida-${id}-1`))).toHaveLength(
        3,
      );
    }, 60_000);
  },
);

describe('a call in Stasis that is handed over by order of the node with its media', () => {
  it('goes on in the dialplan, by the node that steers it', async () => {
    const target = 'sales,100,1';
    const assistantId = await callingAssistant(a.api, credentialId, { phone: '4000' });
    const deployment = { enabled: true, credentialId, transferTargets: [target] };
    await a.api.send('PUT', `/v1/assistants/${assistantId}/phone-deployment`, deployment);
    const { id } = await talking(a, assistantId, '7004');
    const body = JSON.stringify({ target });
    const path = `/v1/calls/${id}/transfer`;
    expect((await request(c.url, path, { method: 'POST', key: c.api.key, body })).status).toBe(204);
    await hasBecome(c.api, id, { state: 'completed' });
    expect((await typesOf(id)).filter((type) => type.startsWith('call.transfer'))).toEqual(['call.transferred']);
    const continued = pbx.requests.find(({ path: asked }) => asked === `/channels/rapida-${id}-1/continue`);
    expect(continued?.query).toMatchObject({ context: 'sales', extension: '100' });
  }, 60_000);
});

describe('a call that comes to the Stasis application', () => {
  /** As a caller who tries again where nobody has the application. */
  const called = async (number: string) => {
    const incoming = () => pbx.incoming({ number, to: '100', app: 'rapida', args: ['arrivals'] });
    let channelId = incoming();
    return vi.waitFor(
      async () => {
        if (!pbx.channels().some(({ id }) => id === channelId)) channelId = incoming();
        const { data } = await c.api.get<{ data: { id: string; from: string; state: string }[] }>('/v1/calls?limit=50');
        const call = data.find(({ from }) => from === number);
        expect(call).toMatchObject({ state: 'connected' });
        return { id: call?.id ?? '', channelId };
      },
      { timeout: ENGINES_MS, interval: 250 },
    );
  };

  it('is taken by one node, and by another when that has died, which leaves nothing behind', async () => {
    const assistant = { name: 'arrivals', greeting: 'Hello.', silence: { promptAfterMs: 120_000 } };
    const { id: assistantId } = await a.api.send<{ id: string }>('POST', '/v1/assistants', assistant);
    const deployment = { enabled: true, credentialId, options: { app: 'rapida' } };
    await a.api.send('PUT', `/v1/assistants/${assistantId}/phone-deployment`, deployment);
    // By a node of its own: its media is at the one that dies.
    sound.moveTo(a);
    const dying = await called('5001');
    sound.moveTo(b);
    const staying = await talking(c, await callingAssistant(c.api, credentialId, { phone: '1' }), '7005');
    pbx.phone('7006', { outcome: 'nothing' });
    const ringing = await ringingBy('rapida-a', await callingAssistant(a.api, credentialId, { phone: '2' }));

    a.child.kill('SIGKILL');
    await a.finished;
    await hasBecome(c.api, dying.id, { state: 'failed', reason: 'node_lost' }, LOST_MS);
    // It rang for a node that is gone, and rings for nobody any more.
    await hasBecome(c.api, ringing.id, { state: 'failed', reason: 'node_lost' }, LOST_MS);
    await isOver(dying.id);
    await isOver(ringing.id);
    await vi.waitFor(() => expect(pbx.channels().some(({ id }) => id === dying.channelId)).toBe(false), {
      timeout: LOST_MS,
      interval: 50,
    });
    await seesNodes(c.api, { b: 'up', c: 'up' });
    const next = await called('5002');
    expect(sound.callers.get(staying.contextId)?.over).toBeUndefined();
    pbx.hangupByCallee(next.channelId);
    await hasBecome(c.api, next.id, { state: 'completed' });
    await isOver(next.id);
  }, 120_000);
});
