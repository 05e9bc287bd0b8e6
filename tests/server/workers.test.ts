import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createFakeAri } from '@rapida/ari/testing';
import { systemClock } from '@rapida/core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { CALLER_HANGUP, type CallJson, request } from './support/api.js';
import { type Caller, callOverAudioSocket, callOverWebSocket, stillTalks } from './support/caller.js';
import { runCommand, type ServedProcess, serveProcess, startCommand, temporaryFolder } from './support/command.js';
import { openEventStream } from './support/event-stream.js';
import { EventTaker } from './support/event-taker.js';
import { askGrpc } from './support/grpc.js';
import { type NodeJson, openInstallation } from './support/installation.js';
import { metricOf } from './support/metrics.js';
import {
  ARI_USER,
  asteriskCredential,
  callingAssistant,
  giveSound,
  hasBecome,
  originates,
  placeCall,
} from './support/outbound.js';
import { isRunning, seesCalls, timesLogged, workersOf } from './support/workers.js';

/** The engines of each worker load when its first call comes; the machine may be busy. */
const ENGINES_MS = 30_000;
/** From the death of a worker until the others have closed its calls, and it is there again. */
const CLOSED_MS = 15_000;
const TEST_MS = 120_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let folders = 0;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const started: ServedProcess[] = [];
afterEach(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await Promise.all(started.map(({ finished }) => finished));
  started.length = 0;
});

async function serveWorkers(
  environment: Readonly<Record<string, string>> = {},
  dataDir = join(folder.path, `data-${folders++}`),
): Promise<ServedProcess> {
  const served = await serveProcess(dataDir, { WORKERS__COUNT: '2', ...environment });
  started.push(served);
  return served;
}

async function patientAssistant({ api }: ServedProcess): Promise<string> {
  const config = { name: 'patient', greeting: 'Hello.', silence: { promptAfterMs: 120_000 } };
  return (await api.send<{ id: string }>('POST', '/v1/assistants', config)).id;
}

/** So many callers who hear the assistant, over both transports. */
async function callers(served: ServedProcess, assistantId: string, count: number): Promise<readonly Caller[]> {
  const all: Caller[] = [];
  for (let n = 0; n < count; n++) {
    const connect = n < count / 2 ? callOverAudioSocket : callOverWebSocket;
    all.push(await connect(served, await served.api.register(assistantId)));
  }
  await vi.waitFor(() => expect(all.every(({ voiced }) => voiced > 0)).toBe(true), {
    timeout: ENGINES_MS,
    interval: 50,
  });
  return all;
}

/** As a dialplan does whose media was lost: the same call goes on. */
async function comesBack(served: ServedProcess, caller: Caller | undefined): Promise<Caller> {
  if (caller === undefined) throw new Error('nobody was lost');
  const { contextId } = caller;
  const resumed = await request(served.api.url, `/v1/talk/asterisk/ctx/${contextId}/resume`);
  expect(resumed).toMatchObject({ status: 200, text: contextId });
  const again = await callOverAudioSocket(served, contextId);
  await vi.waitFor(() => expect(again.voiced).toBeGreaterThan(0), { timeout: ENGINES_MS, interval: 50 });
  return again;
}

const say = async ({ api }: ServedProcess, { contextId }: Caller) =>
  api.send('POST', `/v1/calls/${(await api.callOf(contextId)).id}/say`, { text: 'Still here.' });

describe('workers that share the ports and ask their primary process', () => {
  it(
    'hold the calls together, each steered, followed and told of wherever one asks, and as one server to the outside',
    async () => {
      const receiver = new EventTaker();
      const served = await serveWorkers({ LIMITS__MAX_CALLS: '4', WEBHOOKS__ALLOW_PRIVATE: 'true' });
      const { api, url } = served;
      const assistantId = await patientAssistant(served);
      await api.send('POST', '/v1/webhooks', {
        url: await receiver.listen(),
        events: ['call.connected', 'call.ended'],
      });
      const stream = await openEventStream(api);
      const all = await callers(served, assistantId, 4);
      const nodes = await seesCalls(api, 2, 4);
      expect(nodes.map(({ id }) => id).sort()).toEqual(['single-w1', 'single-w2']);
      // Their places are counted together.
      expect((await request(url, `/v1/talk/asterisk/call/${assistantId}?from=1`, { key: api.key })).status).toBe(503);
      for (const caller of all) await stillTalks(caller, () => say(served, caller));

      expect(await metricOf(url, 'rapida_calls_live')).toBe(4);
      expect(await metricOf(url, 'rapida_calls_registered_total')).toBe(4);
      expect(await metricOf(url, 'rapida_nodes{state="up"}')).toBe(2);
      expect(await metricOf(url, 'rapida_workers{state="up"}')).toBe(2);
      expect((await request(url, '/readyz')).status).toBe(200);
      const health = { method: 'grpc.health.v1.Health/Check', message: { service: '' }, headers: {} };
      expect(await askGrpc(served, health)).toMatchObject({ response: { status: 'SERVING' } });

      for (const caller of all) caller.hangup();
      const ended: CallJson[] = [];
      for (const { contextId } of all)
        ended.push(await api.ended(contextId, { state: 'completed', reason: CALLER_HANGUP }));
      const [connected, over] = ['call.connected', 'call.ended'].map((type) => ended.map(({ id }) => `${type} ${id}`));
      const expected = [...(connected ?? []), ...(over ?? [])].sort();
      await vi.waitFor(() => expect(receiver.told.length).toBeGreaterThanOrEqual(8), { timeout: 10_000, interval: 20 });
      expect([...receiver.told].sort()).toEqual(expected);
      await vi.waitFor(
        () => {
          const told = stream.messages.filter(({ event }) => event === 'call.connected' || event === 'call.ended');
          expect(told.map(({ event, data }) => `${event} ${data.callId}`).sort()).toEqual(expected);
        },
        { timeout: 5_000, interval: 20 },
      );
      receiver.close();
    },
    TEST_MS,
  );

  it(
    'lose one of them and go on: its calls are taken up again or closed, the others do not notice, and it is there again on the same ports',
    async () => {
      const served = await serveWorkers();
      const { api, url } = served;
      const assistantId = await patientAssistant(served);
      const all = await callers(served, assistantId, 4);
      await seesCalls(api, 2, 4);
      const [victim, other] = workersOf(served);
      if (victim === undefined || other === undefined) throw new Error('there are two');
      expect(await metricOf(url, 'rapida_calls_registered_total')).toBe(4);
      const diedAtMs = performance.now();
      process.kill(victim, 'SIGKILL');
      await vi.waitFor(async () => expect(await metricOf(url, 'rapida_workers_died_total')).toBe(1), {
        timeout: 5_000,
      });
      const { data } = await api.get<{ data: NodeJson[] }>('/v1/nodes');
      const kept = data.filter(({ state }) => state === 'up').reduce((sum, node) => sum + node.calls, 0);
      await vi.waitFor(() => expect(all.filter(({ over }) => over === undefined)).toHaveLength(kept), {
        timeout: 5_000,
      });
      const [lost, left] = [all.filter(({ over }) => over !== undefined), all.filter(({ over }) => over === undefined)];
      const [back, ...gone] = lost;
      const again = await comesBack(served, back);
      for (const { contextId } of gone) {
        await api.ended(contextId, { state: 'failed', disconnectedBy: 'system' }, CLOSED_MS);
      }
      expect(performance.now() - diedAtMs).toBeLessThan(CLOSED_MS);
      for (const caller of [again, ...left]) await stillTalks(caller, () => say(served, caller));

      await vi.waitFor(async () => expect(await metricOf(url, 'rapida_workers{state="up"}')).toBe(2), {
        timeout: CLOSED_MS,
      });
      expect(await metricOf(url, 'rapida_workers_died_total')).toBe(1);
      // What it had counted stays counted.
      expect(await metricOf(url, 'rapida_calls_registered_total')).toBe(4);
      expect(workersOf(served)).toHaveLength(2);
      await callers(served, assistantId, 4);
      await seesCalls(api, 2, 1 + left.length + 4);
    },
    TEST_MS,
  );

  it(
    'are all there again on the same ports when all of them died at once',
    async () => {
      const served = await serveWorkers();
      for (const pid of workersOf(served)) process.kill(pid, 'SIGKILL');
      await vi.waitFor(async () => expect(await metricOf(served.url, 'rapida_workers{state="up"}')).toBe(2), {
        timeout: CLOSED_MS,
        interval: 50,
      });
      await callers(served, await patientAssistant(served), 2);
    },
    TEST_MS,
  );

  it(
    'answer `rapida call` as one server does',
    async () => {
      const served = await serveWorkers();
      const environment = {
        DATA_DIR: served.dataDir,
        HTTP__PORT: new URL(served.url).port,
        AUDIOSOCKET__PORT: String(served.audiosocketPort),
      };
      const called = await runCommand(['call', '--json', '--say', 'thank you goodbye'], {
        folder: folder.path,
        environment,
      });
      expect(called.code, called.stderr).toBe(0);
      expect(called.stdout).toContain('Goodbye');
    },
    TEST_MS,
  );
});

describe('workers that place calls', () => {
  it.each([
    ['through the dialplan', { context: 'from-rapida' }],
    ['in Stasis', {}],
  ])(
    'dial each once, %s, and have its media wherever it comes',
    async (_, options) => {
      const pbx = await createFakeAri({ clock: systemClock, user: ARI_USER, password: 'of-the-pbx' });
      const served = await serveWorkers();
      const { api } = served;
      const sound = giveSound(pbx, { doors: served });
      const credentialId = await asteriskCredential(api, 'pbx', { url: pbx.url, password: 'of-the-pbx' });
      const assistantId = await callingAssistant(api, credentialId, options);
      const placed = await Promise.all(
        Array.from({ length: 6 }, (_, n) => placeCall(api, { assistantId, to: `700${n}` })),
      );
      for (const { id } of placed) await hasBecome(api, id, { state: 'connected' }, ENGINES_MS);
      await seesCalls(api, 2, 6);
      expect(
        originates(pbx)
          .map(({ number }) => number)
          .sort(),
      ).toEqual(placed.map((_, n) => `700${n}`));
      expect(sound.callers.size).toBe(6);
      for (const { id } of placed) await api.send('POST', `/v1/calls/${id}/hangup`, {});
      for (const { id } of placed)
        await hasBecome(api, id, { state: 'completed', disconnectedBy: 'system' }, CLOSED_MS);
      await vi.waitFor(() => expect(pbx.channels()).toEqual([]), { timeout: CLOSED_MS, interval: 50 });
      expect(await metricOf(served.url, 'rapida_ari_events_lost_total{why="replaced"}')).toBe(0);
      await pbx.close();
    },
    TEST_MS,
  );
});

describe('workers that are told to stop', () => {
  it(
    'take no new calls, finish theirs, and the process ends when all have',
    async () => {
      const served = await serveWorkers();
      const all = await callers(served, await patientAssistant(served), 4);
      await seesCalls(served.api, 2, 4);
      const pids = workersOf(served);
      served.child.kill('SIGTERM');
      await vi.waitFor(async () => expect((await request(served.url, '/readyz')).status).toBe(503), { timeout: 5_000 });
      for (const caller of all) await stillTalks(caller, () => say(served, caller));
      for (const caller of all) caller.hangup();
      expect(await served.finished).toMatchObject({ code: 0 });
      expect(pids.filter(isRunning)).toEqual([]);
      expect(timesLogged(served, 'ready')).toBe(1);
      expect(timesLogged(served, 'a worker has died')).toBe(0);

      // Everything is on record, and a start with one process has nothing to put right.
      const next = await serveWorkers({ WORKERS__COUNT: '1' }, served.dataDir);
      for (const { contextId } of all) await next.api.ended(contextId, { state: 'completed', reason: CALLER_HANGUP });
      expect(timesLogged(next, 'calls were left open by the last run and are ended now')).toBe(0);
    },
    TEST_MS,
  );

  it(
    'end at once when they are told again, as when a terminal or a service manager tells each of them as well',
    async () => {
      const served = await serveWorkers();
      const all = await callers(served, await patientAssistant(served), 2);
      await seesCalls(served.api, 2, 2);
      const everybody = [served.child.pid ?? 0, ...workersOf(served)];
      for (const pid of everybody) process.kill(pid, 'SIGTERM');
      await vi.waitFor(() =>
        expect(timesLogged(served, 'stopping: no new calls, waiting for the running ones')).toBe(1),
      );
      for (const caller of all) await stillTalks(caller, () => say(served, caller));
      for (const pid of everybody) process.kill(pid, 'SIGTERM');
      expect(await served.finished).toMatchObject({ code: 0 });
      const next = await serveWorkers({ WORKERS__COUNT: '1' }, served.dataDir);
      for (const { contextId } of all)
        await next.api.ended(contextId, { disconnectedBy: 'system', reason: 'server_shutdown' });
    },
    TEST_MS,
  );

  it(
    'end with their primary process; the next start, with fewer of them, takes calls up again and closes those that nobody asks for',
    async () => {
      const served = await serveWorkers({ WORKERS__COUNT: '3' });
      const all = await callers(served, await patientAssistant(served), 3);
      await seesCalls(served.api, 3, 3);
      const pids = workersOf(served);
      served.child.kill('SIGKILL');
      await Promise.all(all.map(({ ended }) => ended));
      await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), { timeout: 10_000, interval: 20 });
      const next = await serveWorkers({ WORKERS__COUNT: '1' }, served.dataDir);
      const [back, ...gone] = all;
      const again = await comesBack(next, back);
      for (const { contextId } of gone) {
        const lost = { state: 'failed', disconnectedBy: 'system', reason: 'server_restarted' };
        await next.api.ended(contextId, lost, CLOSED_MS);
      }
      expect((await next.api.callOf(again.contextId)).state).toBe('connected');
    },
    TEST_MS,
  );
});

describe('workers that cannot start', () => {
  it(
    'are one line and an exit code, as one process is',
    async () => {
      const taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
      const { port } = taken.address() as AddressInfo;
      const environment = {
        ...{ HTTP__HOST: '127.0.0.1', HTTP__PORT: String(port), AUDIOSOCKET__PORT: '0', GRPC__PORT: '0' },
        DATA_DIR: join(folder.path, 'taken'),
      };
      const { code, stderr } = await runCommand(['serve', '--workers', '2'], { folder: folder.path, environment });
      expect(code).toBe(1);
      expect(stderr).toContain(
        `rapida cannot start: HTTP__PORT=${port}: the port is in use; accepted is a free port, or 0\n`,
      );
      taken.close();
      const wrong = await runCommand(['serve', '--workers', 'many'], { folder: folder.path });
      expect(wrong).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('WORKERS__COUNT=many: accepted is a number'),
      });
    },
    TEST_MS,
  );

  it(
    'leave a folder alone that another server has',
    async () => {
      const served = await serveWorkers();
      const environment = { DATA_DIR: served.dataDir, HTTP__PORT: '0', AUDIOSOCKET__PORT: '0', GRPC__PORT: '0' };
      const second = await startCommand(['serve', '--workers', '2'], { folder: folder.path, environment }).finished;
      expect(second).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('it is in use by the server with process id'),
      });
    },
    TEST_MS,
  );
});

describe('workers over PostgreSQL and Redis', () => {
  it(
    'are nodes like any others: they hold the calls together, and one that dies is missed by the rest',
    async () => {
      const installation = await openInstallation({ environment: { WORKERS__COUNT: '2' } });
      try {
        const served = await installation.node('pbx');
        const { api } = served;
        const assistantId = await patientAssistant(served);
        const all = await callers(served, assistantId, 4);
        const nodes = await seesCalls(api, 2, 4);
        expect(nodes.map(({ id }) => id).sort()).toEqual(['pbx-w1', 'pbx-w2']);
        for (const caller of all) await stillTalks(caller, () => say(served, caller));
        process.kill(workersOf(served)[0] ?? 0, 'SIGKILL');
        await vi.waitFor(() => expect(all.filter(({ over }) => over !== undefined)).not.toEqual([]), {
          timeout: 5_000,
        });
        for (const { contextId, over } of all) {
          if (over !== undefined) await api.ended(contextId, { state: 'failed', disconnectedBy: 'system' }, CLOSED_MS);
        }
        await callers(served, assistantId, 4);

        served.child.kill('SIGTERM');
        await vi.waitFor(async () => expect((await request(served.url, '/readyz')).status).toBe(503), {
          timeout: 5_000,
        });
        served.child.kill('SIGTERM');
        expect(await served.finished).toMatchObject({ code: 0 });
      } finally {
        await installation.remove();
      }
    },
    TEST_MS,
  );
});
