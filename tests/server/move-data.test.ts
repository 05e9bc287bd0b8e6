import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryPostgres, temporaryPostgres } from '@rapida/stores/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOverAudioSocket } from './support/caller.js';
import { type Finished, runCommand, serveProcess, temporaryFolder } from './support/command.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let postgres: TemporaryPostgres;
beforeAll(async () => {
  folder = await temporaryFolder();
  postgres = await temporaryPostgres();
});
afterAll(async () => {
  await folder.remove();
  await postgres.drop();
});

const inFolder = (name: string) => join(folder.path, name);

function rapida(argv: readonly string[], environment: Readonly<Record<string, string>>): Promise<Finished> {
  return runCommand(argv, { folder: folder.path, environment });
}

async function printed(argv: readonly string[], environment: Readonly<Record<string, string>>): Promise<string> {
  const { code, stdout, stderr } = await rapida(argv, environment);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

async function complaint(argv: readonly string[], environment: Readonly<Record<string, string>>): Promise<string> {
  const { code, stdout, stderr } = await rapida(argv, environment);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^rapida: [^\n]+\n$/);
  return stderr;
}

describe('moving an installation to PostgreSQL and back', () => {
  const embedded = () => ({ DATA_DIR: inFolder('embedded') });
  const onPostgres = () => ({ DATA_DIR: inFolder('node'), DATABASE_URL: postgres.url });
  const again = () => ({ DATA_DIR: inFolder('again') });

  it('keeps everything: calls, credentials that can be opened, keys that still work', async () => {
    const server = await serveProcess(embedded().DATA_DIR);
    const { data: assistants } = await server.api.get<{ data: { id: string }[] }>('/v1/assistants');
    const value = { ari_url: 'http://127.0.0.1:1', ari_user: 'u', ari_password: 'p' };
    await server.api.send('POST', '/v1/credentials', { name: 'pbx', provider: 'asterisk', value });
    const caller = await callOverAudioSocket(server, await server.api.register(assistants[0]!.id));
    await server.api.ended(caller.contextId, { state: 'connected' });
    caller.hangup();
    await server.api.ended(caller.contextId, { state: 'completed' });
    const before = await server.api.get('/v1/calls');

    expect(await complaint(['data', 'export', 'early.jsonl'], embedded())).toMatch(/in use by the server/);
    expect(existsSync(inFolder('early.jsonl'))).toBe(false);
    server.child.kill('SIGTERM');
    expect(await server.finished).toMatchObject({ code: 0 });

    const told = await printed(['data', 'export', 'all.jsonl'], embedded());
    expect(told).toMatch(/the embedded database in .*embedded -> all\.jsonl\n/);
    expect(told).toMatch(/calls +1\n/);
    expect(told).toContain(join(embedded().DATA_DIR, 'recordings'));
    expect(told).toContain(join(embedded().DATA_DIR, 'vault.key'));
    expect((await stat(inFolder('all.jsonl'))).mode & 0o777).toBe(0o600);
    expect(await complaint(['data', 'export', 'all.jsonl'], embedded())).toMatch(/all\.jsonl .*there already/);

    const imported = JSON.parse(await printed(['data', 'import', 'all.jsonl', '--json'], onPostgres()));
    expect(imported).toMatchObject({ counts: { calls: 1, credentials: 1, projects: 1 } });
    expect(JSON.stringify(imported)).not.toContain('only-for-tests');
    expect(await complaint(['data', 'import', 'all.jsonl'], onPostgres())).toMatch(/not empty: there are projects/);

    for (const name of ['vault.key', 'admin-api-key']) {
      await copyFile(join(embedded().DATA_DIR, name), join(onPostgres().DATA_DIR, name));
    }
    const node = await serveProcess(onPostgres().DATA_DIR, { DATABASE_URL: postgres.url });
    expect(await node.api.get('/v1/calls')).toEqual(before);
    expect(node.stderr()).not.toMatch(/"level":"?(50|error)/);
    const { data: credentials } = await node.api.get<{ data: object[] }>('/v1/credentials');
    expect(credentials).toMatchObject([{ name: 'pbx' }]);
    node.child.kill('SIGTERM');
    expect(await node.finished).toMatchObject({ code: 0 });

    await printed(['data', 'export', 'back.jsonl'], onPostgres());
    await printed(['data', 'import', 'back.jsonl'], again());
    await printed(['data', 'export', 'twice.jsonl'], again());
    expect(await readFile(inFolder('twice.jsonl'), 'utf8')).toBe(await readFile(inFolder('back.jsonl'), 'utf8'));
  }, 120_000);

  it('says in one line what is wrong with a file or a database, and leaves nothing behind', async () => {
    const fresh = { DATA_DIR: inFolder('fresh') };
    expect(await complaint(['data', 'export', 'none.jsonl'], fresh)).toMatch(/no database in DATA_DIR/);
    expect(existsSync(inFolder('none.jsonl'))).toBe(false);
    expect(await complaint(['data', 'import', 'none.jsonl'], fresh)).toMatch(/none\.jsonl .*no such file/);
    await writeFile(inFolder('letter.jsonl'), 'Dear Sir,\n');
    expect(await complaint(['data', 'import', 'letter.jsonl'], fresh)).toMatch(/no export of rapida/);
    const gone = { ...fresh, DATABASE_URL: 'postgres://u:hush@127.0.0.1:1/db' };
    const said = await complaint(['data', 'export', 'none.jsonl'], gone);
    expect(said).toMatch(/DATABASE_URL: The database 127\.0\.0\.1:1\/db cannot be used/);
    expect(said).not.toContain('hush');
  }, 60_000);
});

describe('rapida migrate', () => {
  it('does what there is to do, once, and --check only looks', async () => {
    const own = await temporaryPostgres();
    for (const settings of [{ DATA_DIR: inFolder('new') }, { DATA_DIR: inFolder('new'), DATABASE_URL: own.url }]) {
      const looked = await rapida(['migrate', '--check'], settings);
      expect([looked.code, looked.stderr]).toEqual([1, '']);
      expect(looked.stdout).toMatch(/has nothing, to do:\n {2}0001-initial\n/);
      expect((await rapida(['migrate', '--check'], settings)).code).toBe(1);
      expect(await printed(['migrate'], settings)).toMatch(/: migrated\n {2}0001-initial\n/);
      expect(await printed(['migrate'], settings)).toMatch(/: up to date \(00/);
      const { pending, applied } = JSON.parse(await printed(['migrate', '--check', '--json'], settings));
      expect([pending, applied]).toEqual([[], []]);
    }
    await own.drop();
  }, 60_000);
});

describe('two nodes on one PostgreSQL', () => {
  it('do not end the calls of one another when they start', async () => {
    const own = await temporaryPostgres();
    const redis = { REDIS_URL: process.env.TEST_REDIS_URL ?? '', REDIS__PREFIX: `test-${randomUUID()}` };
    const settings = { DATABASE_URL: own.url, ...redis };
    const first = await serveProcess(inFolder('first'), settings);
    const { data: assistants } = await first.api.get<{ data: { id: string }[] }>('/v1/assistants');
    const caller = await callOverAudioSocket(first, await first.api.register(assistants[0]!.id));
    await first.api.ended(caller.contextId, { state: 'connected' });

    const VAULT__KEY = (await readFile(join(first.dataDir, 'vault.key'), 'utf8')).trim();
    const second = await serveProcess(inFolder('first-2'), { ...settings, VAULT__KEY }, [], first.api.key);
    expect((await second.api.callOf(caller.contextId)).state).toBe('connected');
    expect(caller.over).toBeUndefined();
    second.child.kill('SIGKILL');
    await second.finished;
    expect((await first.api.callOf(caller.contextId)).state).toBe('connected');

    first.child.kill('SIGKILL');
    await first.finished;
    const third = await serveProcess(first.dataDir, settings);
    await third.api.ended(caller.contextId, { state: 'failed', reason: 'server_restarted' }, 12_000);
    third.child.kill('SIGTERM');
    await third.finished;
    await own.drop();
  }, 120_000);
});
