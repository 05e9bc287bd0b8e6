import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callOverAudioSocket } from './support/caller.js';
import { type ServedProcess, serveProcess, temporaryFolder } from './support/command.js';
import { earOf } from './support/ear.js';
import { lineBeside, lineToEach, type WorkerLine } from './support/worker-line.js';

/** The engines of each worker load when its first call comes; the machine may be busy. */
const WAIT = { timeout: 30_000, interval: 50 };
const PASSWORD = 'correct horse battery';
const CSRF = { 'x-rapida-csrf': '1' };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedProcess;
let lines: readonly WorkerLine[];
let [one, other] = [] as unknown as [WorkerLine, WorkerLine];
let cookie = '';
beforeAll(async () => {
  folder = await temporaryFolder();
  served = await serveProcess(join(folder.path, 'data'), { WORKERS__COUNT: '2' });
  lines = await lineToEach(served);
  [one, other] = lines as [WorkerLine, WorkerLine];
}, 90_000);
afterAll(async () => {
  for (const line of lines ?? []) line.close();
  served?.child.kill('SIGKILL');
  await served?.finished;
  await folder?.remove();
}, 30_000);

const cookieOf = ({ headers }: { readonly headers: { readonly 'set-cookie'?: string[] | undefined } }): string =>
  headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';

describe('the dashboard of a server with two workers', () => {
  it('is served by each of them, the same', async () => {
    const pages = await Promise.all(lines.map((line) => line.ask('/calls', { headers: { accept: 'text/html' } })));
    expect(pages.map(({ status }) => status)).toEqual([200, 200]);
    expect(pages[0]?.text).toContain('<base href="/" />');
    expect(pages[1]?.text).toBe(pages[0]?.text);
  });

  it('is told of once, by a link that works at any of them, and once', async () => {
    await vi.waitFor(() => expect(served.stdout()).toContain('/setup#'), WAIT);
    const links = served.stdout().match(/http\S+\/setup#\S+/g) ?? [];
    expect(links).toHaveLength(1);
    expect(readFileSync(join(served.dataDir, 'setup-link'), 'utf8').trim()).toBe(links[0]);
    const body = { token: new URL(links[0] ?? '').hash.slice(1), password: PASSWORD };
    const setUp = await one.ask('/v1/session/setup', { method: 'POST', headers: CSRF, body });
    expect(setUp.status, setUp.text).toBe(200);
    const again = await other.ask('/v1/session/setup', { method: 'POST', headers: CSRF, body });
    expect(JSON.parse(again.text)).toMatchObject({ code: 'setup_token_invalid' });
    cookie = cookieOf(setUp);
  });

  it('has one session at all of them, which one of them ends for all', async () => {
    const status = async (line: WorkerLine, path = '/v1/calls', session = cookie) =>
      (await line.ask(path, { headers: { cookie: session } })).status;
    expect([await status(one), await status(other)]).toEqual([200, 200]);
    const signIn = await other.ask('/v1/session', { method: 'POST', headers: CSRF, body: { password: PASSWORD } });
    expect(signIn.status, signIn.text).toBe(200);
    const second = cookieOf(signIn);
    expect([await status(one, '/v1/session', second), await status(one, '/v1/api-keys', second)]).toEqual([200, 200]);
    expect((await one.ask('/v1/session', { method: 'DELETE', headers: { ...CSRF, cookie: second } })).status).toBe(204);
    expect([await status(one, '/v1/calls', second), await status(other, '/v1/calls', second)]).toEqual([401, 401]);
    expect([await status(one), await status(other)]).toEqual([200, 200]);
  });

  it('lets people listen to a call at each of them, whoever holds it', { timeout: 90_000 }, async () => {
    const { api } = served;
    const config = { name: 'patient', greeting: 'Hello.', silence: { promptAfterMs: 120_000 } };
    const { id: assistantId } = await api.send<{ id: string }>('POST', '/v1/assistants', config);
    const caller = await callOverAudioSocket(served, await api.register(assistantId));
    await vi.waitFor(() => expect(caller.voiced).toBeGreaterThan(0), WAIT);
    const { id } = await api.ended(caller.contextId, { state: 'connected' }, 30_000);
    const ears = (await lineToEach(served)).map((line) => earOf(line.upgrade(`v1/calls/${id}/listen`, { cookie })));
    await Promise.all(ears.map(({ open }) => open));
    await api.send('POST', `/v1/calls/${id}/say`, { text: 'One moment please, I am looking it up for you.' });
    for (const { sound } of ears) await vi.waitFor(() => expect(sound.voiced).toBeGreaterThan(5), WAIT);
    caller.hangup();
    for (const { closed, told } of ears) {
      expect((await closed)[0]).toBe(1000);
      expect(told.map(({ type, reason }) => reason ?? type)).toEqual(['started', 'call_ended']);
    }
  });

  it('holds a test call at one of them that was asked for at the other', { timeout: 90_000 }, async () => {
    const { data } = await served.api.get<{ data: { id: string }[] }>('/v1/assistants');
    const asked = await one.ask(`/v1/assistants/${data[0]?.id}/test-calls`, {
      ...{ method: 'POST', headers: { ...CSRF, cookie }, body: { mode: 'microphone' } },
    });
    expect(asked.status, asked.text).toBe(201);
    const { path, callId } = JSON.parse(asked.text);
    const page = earOf((await lineBeside(served, one)).upgrade(path, { cookie, origin: served.url }));
    await page.open;
    await vi.waitFor(() => expect(page.sound.voiced).toBeGreaterThan(10), WAIT);
    page.socket.send(JSON.stringify({ type: 'hangup' }));
    await page.closed;
    expect(page.told.at(-1)).toMatchObject({ type: 'ended', reason: 'caller_hangup' });
    expect(await served.api.get(`/v1/calls/${callId}`)).toMatchObject({ state: 'completed', transport: 'browser' });
  });
});
