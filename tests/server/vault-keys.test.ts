import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFakeAri, type FakeAri } from '@rapida/ari/testing';
import { systemClock } from '@rapida/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, request } from './support/api.js';
import { runCommand, type ServedProcess, serveProcess, startCommand, temporaryFolder } from './support/command.js';
import {
  ARI_USER,
  asteriskCredential,
  callingAssistant,
  hasBecome,
  originates,
  placeCall,
  sendOrder,
} from './support/outbound.js';

const PASSWORD = 'of-the-pbx';
const BUSY = '6001';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let pbx: FakeAri;
/** Of the test that runs; the next start takes its folder over. */
let server: ServedProcess;
let credentialId: string;
let assistantId: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  pbx = await createFakeAri({ clock: systemClock, user: ARI_USER, password: PASSWORD });
  pbx.phone(BUSY, { outcome: 'busy' });
});
afterAll(async () => {
  await pbx.close();
  await folder.remove();
});

async function start(name: string, environment: Readonly<Record<string, string>> = {}): Promise<void> {
  server = await serveProcess(join(folder.path, name), environment);
}

async function stop(): Promise<void> {
  server.child.kill('SIGTERM');
  expect(await server.finished).toMatchObject({ code: 0 });
}

async function startWithCredential(name: string, environment: Readonly<Record<string, string>> = {}): Promise<void> {
  await start(name, environment);
  credentialId = await asteriskCredential(server.api, 'pbx', { url: pbx.url, password: PASSWORD });
  assistantId = await callingAssistant(server.api, credentialId, { context: 'from-rapida' });
  expect(await tested(server.api)).toMatchObject({ ok: true });
}

function tested(api: Api): Promise<{ readonly ok: boolean; readonly code: string | null; readonly message: string }> {
  return api.send('POST', `/v1/credentials/${credentialId}/test`, {});
}

/** A call goes out: the number is dialled, and busy. */
async function callsOut(): Promise<void> {
  const before = originates(pbx).length;
  const { id } = await placeCall(server.api, { assistantId, to: BUSY });
  await hasBecome(server.api, id, { state: 'busy' });
  expect(originates(pbx)).toHaveLength(before + 1);
}

/** It is there, says what to do, and places no call; everything else goes on. */
async function isUnreadable(): Promise<void> {
  const { api, url } = server;
  const listed = await api.get<{ data: object[] }>('/v1/credentials');
  expect(listed.data).toMatchObject([{ id: credentialId, fields: ['ari_url', 'ari_user', 'ari_password', 'trunk'] }]);
  const said = /VAULT__KEY|vault\.key/;
  expect(await tested(api)).toEqual({
    ok: false,
    code: 'credential_unreadable',
    message: expect.stringMatching(said),
  });
  const before = originates(pbx).length;
  const refused = await sendOrder(api, { assistantId, to: BUSY });
  expect(refused.status).toBe(409);
  expect(JSON.parse(refused.text)).toMatchObject({
    code: 409,
    success: false,
    error: {
      errorMessage: expect.stringContaining('credential_unreadable'),
      humanMessage: expect.stringMatching(said),
    },
  });
  expect(originates(pbx)).toHaveLength(before);
  expect((await api.register(assistantId)).length).toBe(36);
  expect((await request(url, '/readyz')).status).toBe(200);
}

describe('vault.key', () => {
  it('is made anew where it is missing: credentials are unreadable until they are saved anew', async () => {
    await startWithCredential('missing');
    await stop();
    await rm(join(server.dataDir, 'vault.key'));
    await start('missing');
    await isUnreadable();
    const value = { ari_url: pbx.url, ari_user: ARI_USER, ari_password: PASSWORD, trunk: 'trunk' };
    await server.api.send('PUT', `/v1/credentials/${credentialId}`, { name: 'pbx', provider: 'asterisk', value });
    expect(await tested(server.api)).toMatchObject({ ok: true });
    await callsOut();
    await stop();
  }, 30_000);

  it('that is another leaves credentials unreadable until the old one is back', async () => {
    await startWithCredential('changed');
    await stop();
    const file = join(server.dataDir, 'vault.key');
    await rename(file, `${file}.kept`);
    await writeFile(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
    await start('changed');
    await isUnreadable();
    await stop();
    await rename(`${file}.kept`, file);
    await start('changed');
    await callsOut();
    await stop();
  }, 30_000);

  it('that holds no key stops the start, with one line that names the file and what to do', async () => {
    await startWithCredential('damaged');
    await stop();
    const file = join(server.dataDir, 'vault.key');
    await writeFile(file, 'cut-off-key\n');
    const environment = { DATA_DIR: server.dataDir, HTTP__PORT: '0', AUDIOSOCKET__PORT: '0', GRPC__PORT: '0' };
    const { code, stderr } = await startCommand(['serve'], { folder: folder.path, environment }).finished;
    expect(code).toBe(1);
    expect(stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'))).toEqual([
      expect.stringMatching(/^rapida cannot start: .*vault\.key.*(?:backup|VAULT__KEY)/),
    ]);
    expect(stderr).not.toContain('cut-off-key');
  }, 30_000);
});

describe('VAULT__KEY', () => {
  const [older, newer] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')] as const;

  const reencrypt = async () => {
    const environment = { RAPIDA_URL: server.url, RAPIDA_API_KEY: server.api.key };
    const argv = ['credentials', 'reencrypt', '--json'];
    const { code, stdout, stderr } = await runCommand(argv, { folder: folder.path, environment });
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as object;
  };

  it('is changed with no call refused: both keys, everything sealed anew, then the newer alone', async () => {
    await startWithCredential('rotated', { VAULT__KEY: older });
    await callsOut();
    await stop();
    await start('rotated', { VAULT__KEY: `${newer},${older}` });
    await callsOut();
    expect(await reencrypt()).toEqual({ reencrypted: 1, current: 0, unreadable: 0 });
    expect(await reencrypt()).toEqual({ reencrypted: 0, current: 1, unreadable: 0 });
    await callsOut();
    await stop();
    await start('rotated', { VAULT__KEY: newer });
    await callsOut();
    await stop();
    await start('rotated', { VAULT__KEY: older });
    await isUnreadable();
    await stop();
  }, 40_000);

  it('that is newer alone, before anything was sealed anew, is told by the re-encryption and harms nothing', async () => {
    await startWithCredential('hasty', { VAULT__KEY: older });
    await stop();
    await start('hasty', { VAULT__KEY: newer });
    await isUnreadable();
    const counts = await server.api.send('POST', '/v1/credentials/reencrypt', {});
    expect(counts).toEqual({ reencrypted: 0, current: 0, unreadable: 1 });
    await stop();
    await start('hasty', { VAULT__KEY: `${newer},${older}` });
    await callsOut();
    await stop();
  }, 40_000);
});
