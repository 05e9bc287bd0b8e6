import { join } from 'node:path';
import { createFakeAri, type FakeAri } from '@rapida/ari/testing';
import { systemClock } from '@rapida/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ServedProcess, serveProcess, temporaryFolder } from './support/command.js';
import {
  ARI_USER,
  asteriskCredential,
  callById,
  callingAssistant,
  giveSound,
  hasBecome,
  type Order,
  type OutboundCallJson,
  originates,
  type PlacedJson,
  placeCall,
  type SoundOfAsterisk,
} from './support/outbound.js';

const PASSWORD = 'of-the-pbx';
/** From the order to the moment it is for: the kill lies between them. */
const SOON_MS = 6_000;
const RETRY_SECONDS = SOON_MS / 1_000;

/** Each call stands at a point of its own when the server is killed; the number says at which. */
const NUMBERS = {
  later: '6001',
  soon: '6002',
  again: '6003',
  unheard: '6004',
  hanging: '6005',
  dialing: '6006',
  ringing: '6007',
  soundlessDialplan: '6008',
  soundlessStasis: '6009',
  talkingDialplan: '6010',
  talkingStasis: '6011',
} as const;
type Point = keyof typeof NUMBERS;
const POINTS = Object.keys(NUMBERS) as Point[];

/** What the record said at the kill, and how often the number had been dialled. */
const AT_THE_KILL: Record<Point, { readonly state: string; readonly dialled: number }> = {
  later: { state: 'queued', dialled: 0 },
  soon: { state: 'queued', dialled: 0 },
  again: { state: 'queued', dialled: 1 },
  unheard: { state: 'dialing', dialled: 0 },
  hanging: { state: 'dialing', dialled: 1 },
  dialing: { state: 'dialing', dialled: 1 },
  ringing: { state: 'ringing', dialled: 1 },
  soundlessDialplan: { state: 'answered', dialled: 1 },
  soundlessStasis: { state: 'answered', dialled: 1 },
  talkingDialplan: { state: 'connected', dialled: 1 },
  talkingStasis: { state: 'connected', dialled: 1 },
};
const UNDER_WAY = POINTS.filter((point) => AT_THE_KILL[point].state !== 'queued');

describe('a server that was killed with calls out at every point, and started again', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let pbx: FakeAri;
  /** Takes connections for its events and says nothing. */
  let mutePbx: FakeAri;
  let sound: SoundOfAsterisk;
  let server: ServedProcess;
  const orders = new Map<Point, Order>();
  const placed = new Map<Point, PlacedJson>();
  const before = new Map<Point, OutboundCallJson>();

  const idOf = (point: Point): string => placed.get(point)!.id;
  const dialled = (point: Point): string[] =>
    [...originates(pbx), ...originates(mutePbx)]
      .filter(({ number }) => number === NUMBERS[point])
      .map(({ channelId }) => channelId);
  const attempts = (point: Point, count: number): string[] =>
    Array.from({ length: count }, (_, index) => `rapida-${idOf(point)}-${index + 1}`);

  async function place(point: Point, assistantId: string, options: Order['options'] = {}): Promise<void> {
    const order = { assistantId, to: NUMBERS[point], options, idempotencyKey: `once ${point}` };
    orders.set(point, order);
    placed.set(point, await placeCall(server.api, order));
  }

  async function stands(point: Point): Promise<void> {
    const { state, dialled: times } = AT_THE_KILL[point];
    const attempt = point === 'unheard' ? 1 : times;
    const as = { state, outbound: expect.objectContaining({ attempt }) };
    before.set(point, await hasBecome(server.api, idOf(point), as));
    await vi.waitFor(() => expect(dialled(point)).toEqual(attempts(point, times)), { timeout: 5_000, interval: 10 });
  }

  async function bringEachToItsPoint(): Promise<void> {
    const { api } = server;
    const credentialId = await asteriskCredential(api, 'pbx', { url: pbx.url, password: PASSWORD });
    const muteId = await asteriskCredential(api, 'mute', { url: mutePbx.url, password: PASSWORD });
    const dialplan = await callingAssistant(api, credentialId, { context: 'from-rapida' });
    const stasis = await callingAssistant(api, credentialId);
    const mute = await callingAssistant(api, muteId, { context: 'from-rapida' });
    const fromNow = (ms: number) => new Date(systemClock.wallMs() + ms).toISOString();
    await place('later', dialplan, { notBefore: fromNow(3_600_000) });
    for (const point of ['dialing', 'ringing', 'soundlessDialplan', 'talkingDialplan'] as const) {
      await place(point, dialplan);
    }
    for (const point of ['soundlessStasis', 'talkingStasis'] as const) await place(point, stasis);
    for (const point of [...placed.keys()]) await stands(point);
    await place('soon', stasis, { notBefore: fromNow(SOON_MS) });
    await place('again', dialplan, { attempts: 2, retryAfterSeconds: RETRY_SECONDS });
    for (const point of ['soon', 'again'] as const) await stands(point);
    mutePbx.fail({ path: '/events', times: 100 }, 'hang');
    await place('unheard', mute);
    await stands('unheard');
    pbx.fail({ method: 'POST', path: '/channels' }, 'hang');
    await place('hanging', dialplan);
    await stands('hanging');
  }

  beforeAll(async () => {
    folder = await temporaryFolder();
    const options = { clock: systemClock, user: ARI_USER, password: PASSWORD };
    [pbx, mutePbx] = await Promise.all([createFakeAri(options), createFakeAri(options)]);
    pbx.phone(NUMBERS.again, { outcome: 'busy' });
    pbx.phone(NUMBERS.dialing, { rings: false, outcome: 'nothing' });
    pbx.phone(NUMBERS.ringing, { outcome: 'nothing' });
    server = await serveProcess(join(folder.path, 'data'));
    sound = giveSound(pbx, { doors: server, silent: [NUMBERS.soundlessDialplan, NUMBERS.soundlessStasis] });
    await bringEachToItsPoint();
    server.child.kill('SIGKILL');
    expect(await server.finished).toMatchObject({ signal: 'SIGKILL' });
    for (const point of POINTS) expect(dialled(point), point).toHaveLength(AT_THE_KILL[point].dialled);
    server = await serveProcess(server.dataDir);
    sound.moveTo(server);
  }, 60_000);
  afterAll(async () => {
    server.child.kill('SIGKILL');
    await server.finished;
    await Promise.all([pbx.close(), mutePbx.close()]);
    await folder.remove();
  });

  it.each(UNDER_WAY)('has a call as failed that was killed at the point: %s', async (point) => {
    // Where somebody was talking the call is kept open for a few seconds.
    const call = await vi.waitFor(
      async () => {
        const now = await callById(server.api, idOf(point));
        expect(now.endedAt).not.toBeNull();
        return now;
      },
      { timeout: 12_000, interval: 50 },
    );
    const ending = { state: 'failed', disconnectedBy: 'system', reason: 'server_restarted' };
    expect(call).toEqual({ ...before.get(point), ...ending, endedAt: expect.any(String) });
    const { data } = await server.api.get<{ data: { type: string; data: object }[] }>(`/v1/calls/${call.id}/events`);
    expect(data.at(-1)).toMatchObject({ type: 'call.failed', data: { reason: 'server_restarted' } });
  });

  it('has a call waiting that waits for its moment, as it was', async () => {
    expect(await callById(server.api, idOf('later'))).toEqual(before.get('later'));
  });

  it('gives the first answer to every order that is repeated, and takes none of them for a new one', async () => {
    for (const [point, order] of orders) expect(await placeCall(server.api, order)).toEqual(placed.get(point));
    const { data } = await server.api.get<{ data: unknown[] }>('/v1/calls?limit=200');
    expect(data).toHaveLength(POINTS.length);
  });

  it('knows no context of its former life: who connects now is hung up', async () => {
    await sound.connectSilent();
    for (const point of ['soundlessDialplan', 'soundlessStasis'] as const) {
      expect(await sound.callers.get(placed.get(point)!.contextId)?.ended).toBe('server_hangup');
    }
  });

  it('removes every channel and bridge of the calls that it does not hold', async () => {
    const left = () => [...pbx.channels(), ...pbx.bridges()].map(({ id }) => id);
    await vi.waitFor(() => expect(left().filter((id) => !id.startsWith(`rapida-${idOf('soon')}-`))).toEqual([]), {
      timeout: 10_000,
      interval: 50,
    });
  });

  it('dials a waiting call when its moment has come, and talks', async () => {
    await hasBecome(server.api, idOf('soon'), { state: 'connected' });
    const caller = sound.callers.get(placed.get('soon')!.contextId)!;
    await vi.waitFor(() => expect(caller.voiced).toBeGreaterThan(0), { timeout: 10_000, interval: 20 });
    caller.hangup();
    await hasBecome(server.api, idOf('soon'), { state: 'completed', disconnectedBy: 'user' });
  });

  it('makes the attempt that was left to a call', async () => {
    await hasBecome(server.api, idOf('again'), {
      state: 'busy',
      outbound: expect.objectContaining({ attempt: 2 }),
    });
  });

  it('has dialled nothing twice', () => {
    for (const point of POINTS) {
      const more = point === 'soon' || point === 'again' ? 1 : 0;
      expect(dialled(point), point).toEqual(attempts(point, AT_THE_KILL[point].dialled + more));
    }
  });

  it('leaves no call open, and no channel and no bridge, when the last waiting one was taken back', async () => {
    await server.api.send('POST', `/v1/calls/${idOf('later')}/hangup`, {});
    const { data } = await server.api.get<{ data: OutboundCallJson[] }>('/v1/calls?limit=200');
    expect(data.filter(({ endedAt }) => endedAt === null)).toEqual([]);
    await vi.waitFor(() => expect([...pbx.channels(), ...pbx.bridges(), ...mutePbx.channels()]).toEqual([]), {
      timeout: 5_000,
      interval: 20,
    });
  });
});
