import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryPostgres } from '@rapida/stores/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PrivatePostgres } from '../support/real-parts/postgresql.js';
import { type Api, CALLER_HANGUP, type CallJson, request } from './support/api.js';
import { type Caller, callOverAudioSocket, type Doors } from './support/caller.js';
import { type ServedProcess, serveProcess, temporaryFolder } from './support/command.js';
import { metricOf } from './support/metrics.js';
import { patientAssistant, type ServerUnderTest, startServerUnderTest } from './support/server-under-test.js';
import { openTeller, type Teller } from './support/teller.js';

/** What the server may take to see that its database is back; the machine may be busy. */
const BACK_MS = 15_000;
const SETTINGS = { WEBHOOKS__ALLOW_PRIVATE: 'true' };

let postgres: PrivatePostgres;
let teller: Teller;
beforeAll(async () => {
  postgres = await PrivatePostgres.start();
  teller = await openTeller();
}, 60_000);
afterAll(async () => {
  await teller?.close();
  await postgres?.stop();
});

interface Recorded {
  readonly call: CallJson;
  readonly events: readonly { readonly seq: number; readonly type: string }[];
  readonly said: readonly string[];
  readonly metrics: Readonly<Record<string, unknown>>;
}

async function recorded(api: Api, contextId: string): Promise<Recorded> {
  const call = await api.callOf(contextId);
  const events = await api.get<{ data: { seq: number; type: string }[] }>(`/v1/calls/${call.id}/events`);
  const said = (await api.transcript(call.id)).data.map(({ text }) => text);
  const { data } = await api.get<{ data: { name: string; value: unknown }[] }>(`/v1/calls/${call.id}/metrics`);
  return { call, events: events.data, said, metrics: Object.fromEntries(data.map(({ name, value }) => [name, value])) };
}

/** Until that many writes wait on the disk. */
async function spooled(url: string, atLeast: number): Promise<void> {
  await vi.waitFor(async () => expect(await metricOf(url, 'rapida_spool_entries')).toBeGreaterThanOrEqual(atLeast), {
    timeout: 15_000,
    interval: 50,
  });
}

/** Sound still comes from the server, and goes to it. */
async function goesOn(caller: Caller): Promise<void> {
  const { sent } = caller;
  await vi.waitFor(() => expect(caller.sent).toBeGreaterThan(sent + 10), { timeout: 5_000, interval: 20 });
  expect(caller.over).toBeUndefined();
}

async function greeted(caller: Caller): Promise<void> {
  await vi.waitFor(() => expect(caller.voiced).toBeGreaterThan(5), { timeout: 15_000, interval: 20 });
}

describe('what calls write while PostgreSQL is lost', () => {
  let server: ServerUnderTest;
  let doors: Doors;
  let assistantId: string;
  beforeAll(async () => {
    const { url } = await temporaryPostgres(postgres.url);
    server = await startServerUnderTest({ environment: { ...SETTINGS, DATABASE_URL: url } });
    doors = { url: server.url, audiosocketPort: server.server.audiosocketPort };
    assistantId = await patientAssistant(server.api);
    await teller.registerAt(server.api);
  }, 60_000);
  afterAll(() => server?.stop());

  it('is on record afterwards, in order, and told once: of a call that ended, and of one that goes on', async () => {
    const { api } = server;
    // Neither has media when the database goes: all that happens from now on has to wait.
    const [ending, staying] = [await api.register(assistantId), await api.register(assistantId)];
    await teller.allOnRecord(api);
    await postgres.killServer();
    const [first, second] = [await callOverAudioSocket(doors, ending), await callOverAudioSocket(doors, staying)];
    await Promise.all([greeted(first), greeted(second)]);
    // Of both that they connected and were greeted.
    await spooled(server.url, 4);
    first.hangup();
    await first.ended;
    await goesOn(second);
    await spooled(server.url, 6);
    const ready = await request(server.url, '/readyz');
    expect(ready.status).toBe(503);
    expect(ready.text).toMatch(/[0-9]+ writes of calls wait on the disk/);

    await postgres.startServer();
    await api.ended(ending, { state: 'completed', disconnectedBy: 'user', reason: CALLER_HANGUP }, BACK_MS);
    await vi.waitFor(async () => expect(await metricOf(server.url, 'rapida_spool_entries')).toBe(0), {
      timeout: BACK_MS,
      interval: 50,
    });
    const [ofNode = ''] = await readdir(join(server.dataDir, 'spool'));
    expect(await readdir(join(server.dataDir, 'spool', ofNode))).toEqual([]);
    const over = await recorded(api, ending);
    expect(over.events.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'webhook'],
      [2, 'call.connected'],
      [3, 'call.ended'],
    ]);
    expect(over.said).toEqual(['Hello.']);
    expect(over.metrics).toMatchObject({ 'call.status': 'completed', 'call.disconnected_by': 'user' });
    expect(await recorded(api, staying)).toMatchObject({ call: { state: 'connected' }, said: ['Hello.'] });

    second.hangup();
    await api.ended(staying, { state: 'completed' }, BACK_MS);
    for (const contextId of [ending, staying]) {
      const { call } = await recorded(api, contextId);
      await teller.toldInOrder(call.id, ['webhook', 'call.connected', 'call.ended']);
    }
    expect(await metricOf(server.url, 'rapida_spool_lost_total{operation="turn"}')).toBe(0);
  }, 90_000);
});

describe('a server that is killed while PostgreSQL is lost', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let second: ServedProcess | undefined;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(async () => {
    second?.child.kill('SIGTERM');
    await second?.finished;
    await folder.remove();
  });

  it('writes what was left on its disk when it is started again, and then ends what was left open', async () => {
    const { url } = await temporaryPostgres(postgres.url);
    const dataDir = join(folder.path, 'data');
    const environment = { ...SETTINGS, DATABASE_URL: url };
    const first = await serveProcess(dataDir, environment);
    const { api } = first;
    const assistantId = await patientAssistant(api);
    await teller.registerAt(api);
    const [ending, staying] = [await api.register(assistantId), await api.register(assistantId)];
    // Their engines are open when the database goes.
    const warm = await callOverAudioSocket(first, await api.register(assistantId));
    await greeted(warm);
    warm.hangup();
    await api.ended(warm.contextId, { state: 'completed' });
    await teller.allOnRecord(api);

    await postgres.killServer();
    const callers = [await callOverAudioSocket(first, ending), await callOverAudioSocket(first, staying)];
    await Promise.all(callers.map(greeted));
    await spooled(first.url, 4);
    callers[0]?.hangup();
    await spooled(first.url, 6);
    first.child.kill('SIGKILL');
    await first.finished;

    await postgres.startServer();
    second = await serveProcess(dataDir, environment);
    const over = await recorded(second.api, ending);
    expect(over).toMatchObject({ call: { state: 'completed', reason: CALLER_HANGUP }, said: ['Hello.'] });
    expect(over.events.map(({ type }) => type)).toEqual(['webhook', 'call.connected', 'call.ended']);
    // Its caller may come back for a few seconds.
    await second.api.ended(staying, { state: 'failed', reason: 'server_restarted' }, 20_000);
    const left = await recorded(second.api, staying);
    expect(left.said).toEqual(['Hello.']);
    expect(left.events.map(({ type }) => type)).toEqual(['webhook', 'call.connected', 'call.failed']);
    await teller.toldInOrder(over.call.id, ['webhook', 'call.connected', 'call.ended']);
    await teller.toldInOrder(left.call.id, ['webhook', 'call.connected', 'call.failed']);
  }, 120_000);
});
