import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CallRecord, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqlAssistantStore } from '../assistants/sql.js';
import { callsOf, temporaryFolder } from './databases.test.helper.js';
import { openEmbedded } from './embedded.js';
import { openFailure } from './failures.js';
import { type Migration, migrate } from './migrate.js';
import { MIGRATIONS } from './migrations/index.js';

const aCall: CallRecord = {
  id: '1',
  projectId: '1',
  assistantId: '2',
  contextId: '00000000-0000-4000-8000-000000000001',
  direction: 'inbound',
  state: 'registered',
  from: '+1',
  to: null,
  channelId: null,
  metadata: {},
  args: {},
  assistantVersion: null,
  overrides: null,
  analysis: null,
  outbound: null,
  transport: null,
  format: null,
  createdAtMs: 1,
  connectedAtMs: null,
  endedAtMs: null,
  disconnectedBy: null,
  reason: null,
  directive: null,
  recording: null,
  nodeId: 'a',
  resumes: 0,
};

/** Stands still: nothing here waits for the log to be folded. */
const clock = new VirtualClock();
let folder: string;
let file: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, 'rapida.db');
});
afterEach(() => rm(folder, { recursive: true }));

/** Makes `file` a path inside a file, and returns the path of that. */
function folderInstead(): string {
  const path = join(folder, 'no-folder');
  file = join(path, 'rapida.db');
  return path;
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe('opening the embedded database', () => {
  it('makes the file and its folder for this user alone, log and index too', async () => {
    const inside = join(folder, 'new', 'folder');
    const database = await openEmbedded({ file: join(inside, 'rapida.db'), clock });
    await callsOf(database).create(aCall);
    const files = await readdir(inside);
    expect(files.sort()).toEqual(['rapida.db', 'rapida.db-shm', 'rapida.db-wal']);
    for (const name of files) expect(await modeOf(join(inside, name)), name).toBe(0o600);
    expect(await modeOf(inside)).toBe(0o700);
    await database.close();
  });

  it('finds again what was stored before it was closed', async () => {
    const first = await openEmbedded({ file, clock });
    await callsOf(first).create(aCall);
    await first.close();
    const second = await openEmbedded({ file, clock });
    expect(await callsOf(second).get('1', '1')).toEqual(aCall);
    await second.close();
  });

  it('writes ahead, waits 100 ms for a lock and heeds foreign keys', async () => {
    const { kysely, close } = await openEmbedded({ file, clock });
    const pragma = async (name: string) =>
      Object.values((await sql<object>`pragma ${sql.raw(name)}`.execute(kysely)).rows[0]!);
    expect(await pragma('journal_mode')).toEqual(['wal']);
    expect(await pragma('synchronous')).toEqual([1]);
    expect(await pragma('busy_timeout')).toEqual([100]);
    expect(await pragma('foreign_keys')).toEqual([1]);
    await close();
  });

  it.each([
    ['a folder in its place', async () => mkdir(file)],
    ['a file in place of its folder', async () => writeFile(folderInstead(), '')],
    ['a file that is no database', async () => writeFile(file, 'This is a letter, not a database. '.repeat(100))],
  ])('refuses %s with setting_invalid and the path', async (_what, prepare) => {
    await prepare();
    await expect(openEmbedded({ file, clock })).rejects.toMatchObject({
      code: 'setting_invalid',
      message: expect.stringContaining(file),
    });
  });

  it('refuses a damaged database and leaves it as it is', async () => {
    const database = await openEmbedded({ file, clock });
    await database.close();
    const damaged = Buffer.alloc((await stat(file)).size, 'damage');
    await writeFile(file, damaged);
    await expect(openEmbedded({ file, clock })).rejects.toMatchObject({ code: 'setting_invalid' });
    expect((await stat(file)).size).toBe(damaged.length);
  });

  it('refuses a database of a newer version, names both versions, and changes nothing in it', async () => {
    const database = await openEmbedded({ file, clock });
    await callsOf(database).create(aCall);
    const version = MIGRATIONS.length + 1;
    await database.kysely.insertInto('schema_migrations').values({ version, name: 'future' }).execute();
    await database.close();
    const opening = openEmbedded({ file, clock });
    await expect(opening).rejects.toMatchObject({ code: 'setting_invalid' });
    await expect(opening).rejects.toThrow(
      new RegExp(`${file}.* newer version.* ${version}, .* ${MIGRATIONS.length}\\.`),
    );
    const raw = new Libsql(file);
    expect(raw.prepare('select count(*) as n from calls').all()).toEqual([{ n: 1 }]);
    raw.close();
  });

  it.each([
    ['SQLITE_BUSY', 'store_failed', 'locked'],
    ['SQLITE_FULL', 'store_failed', 'disk is full'],
    ['ENOSPC', 'store_failed', 'disk is full'],
    ['EACCES', 'setting_invalid', 'this user'],
    ['SQLITE_READONLY_DIRECTORY', 'setting_invalid', 'this user'],
    ['SQLITE_CORRUPT', 'setting_invalid', 'damaged'],
    ['EMFILE', 'store_failed', 'log'],
  ])('turns %s into %s', (driverCode, code, words) => {
    const cause = Object.assign(new Error('x'), { code: driverCode });
    const failure = openFailure('/data/rapida.db', cause);
    expect(failure).toMatchObject({ code, cause });
    for (const word of ['/data/rapida.db', driverCode, words]) expect(failure.message).toContain(word);
  });

  it('migrates once: a second opening finds it done', async () => {
    const [one, two] = [await openEmbedded({ file, clock }), await openEmbedded({ file, clock })];
    const rows = await two.kysely.selectFrom('schema_migrations').selectAll().orderBy('version').execute();
    expect(rows).toEqual(MIGRATIONS.map(({ name }, index) => ({ version: index + 1, name })));
    await one.close();
    await two.close();
  });

  it('undoes all of a migration that fails', async () => {
    const { kysely, close } = await openEmbedded({ file, clock });
    const broken: Migration = {
      name: 'broken',
      async up(schema) {
        await schema.createTable('half').addColumn('x', 'text').execute();
        throw new Error('the second half');
      },
    };
    const running = kysely.transaction().execute((db) => migrate(db, [...MIGRATIONS, broken], silentLogger));
    await expect(running).rejects.toThrow('the second half');
    const tables = await kysely.introspection.getTables();
    expect(tables.map((table) => table.name)).not.toContain('half');
    expect(await kysely.selectFrom('schema_migrations').selectAll().execute()).toHaveLength(MIGRATIONS.length);
    await close();
  });
});

describe('the embedded database in trouble', () => {
  it('fails with store_failed while another process holds the lock, and works again afterwards', async () => {
    const database = await openEmbedded({ file, clock });
    const calls = callsOf(database);
    const other = new Libsql(file);
    other.exec('begin immediate');
    await expect(calls.create(aCall)).rejects.toMatchObject({
      code: 'store_failed',
      message: expect.stringContaining('SQLITE_BUSY'),
      cause: expect.objectContaining({ code: 'SQLITE_BUSY' }),
    });
    expect(await calls.get('1', '1')).toBeUndefined();
    other.exec('rollback');
    await calls.create(aCall);
    other.exec('begin immediate');
    await expect(calls.appendEvent('1', { type: 'x', atMs: 0, data: {} })).rejects.toMatchObject({
      code: 'store_failed',
    });
    other.exec('rollback');
    expect((await calls.appendEvent('1', { type: 'x', atMs: 0, data: {} })).seq).toBe(1);
    other.close();
    await database.close();
  });

  it('fails with store_failed when the disk is full, keeps what it has, and skips no number when there is room', async () => {
    const database = await openEmbedded({ file, clock });
    const calls = callsOf(database);
    await calls.create(aCall);
    const pages = async (limit: string) => {
      await sql`pragma max_page_count = ${sql.raw(limit)}`.execute(database.kysely);
    };
    await pages('1');
    const append = () => calls.appendEvent('1', { type: 'x', atMs: 0, data: { filler: 'x'.repeat(1_000) } });
    let stored = 0;
    const filling = async () => {
      while (stored < 100) stored = (await append()).seq;
    };
    await expect(filling()).rejects.toMatchObject({
      code: 'store_failed',
      cause: expect.objectContaining({ code: 'SQLITE_FULL' }),
    });
    await expect(append()).rejects.toMatchObject({ cause: expect.objectContaining({ code: 'SQLITE_FULL' }) });
    expect(await calls.events('1')).toHaveLength(stored);
    await pages('100000');
    expect((await append()).seq).toBe(stored + 1);
    await database.close();
  });

  it('fails with store_failed after it was closed, and closes twice', async () => {
    const database = await openEmbedded({ file, clock });
    const calls = callsOf(database);
    await Promise.all([database.close(), database.close()]);
    await database.close();
    await expect(calls.create(aCall)).rejects.toMatchObject({ code: 'store_failed' });
    await expect(calls.events('1')).rejects.toMatchObject({ code: 'store_failed' });
  });

  it('finishes the transaction that is running before it closes', async () => {
    const database = await openEmbedded({ file, clock });
    await callsOf(database).create(aCall);
    const appending = callsOf(database).appendEvent('1', { type: 'x', atMs: 0, data: {} });
    await database.close();
    expect((await appending).seq).toBe(1);
    const again = await openEmbedded({ file, clock });
    expect(await callsOf(again).events('1')).toHaveLength(1);
    await again.close();
  });

  it('shows no part of a transaction of one connection to another, and counts across both', async () => {
    const [one, two] = [await openEmbedded({ file, clock }), await openEmbedded({ file, clock })];
    const stores = [callsOf(one), callsOf(two)] as const;
    await stores[0].create(aCall);
    const seqs = [];
    for (let n = 0; n < 10; n++) {
      seqs.push((await stores[n % 2 === 0 ? 0 : 1].appendEvent('1', { type: 'x', atMs: n, data: {} })).seq);
    }
    expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    await one.close();
    await two.close();
  });
});

describe('what the driver cannot hold', () => {
  it('stores U+0000 in text as U+FFFD, and finds it so', async () => {
    const database = await openEmbedded({ file: ':memory:', clock });
    const calls = callsOf(database);
    await calls.create({ ...aCall, from: '+1\0+2' });
    expect((await calls.get('1', '1'))?.from).toBe('+1\ufffd+2');
    expect((await calls.list('1', { from: '+1\0+2' }, 1, null)).data).toHaveLength(1);
    await database.close();
  });

  it.each([[true], [undefined], [{}], [1n]])('refuses %o as a parameter instead of crashing', async (value) => {
    const { kysely, close } = await openEmbedded({ file: ':memory:', clock });
    await expect(sql`select ${value} as x`.execute(kysely)).rejects.toThrow(TypeError);
    await close();
  });
});

it('gives an assistant that was stored without a field its default', async () => {
  const database = await openEmbedded({ file: ':memory:', clock });
  const row = { id: '7'.padStart(20, '0'), project_id: '1'.padStart(20, '0'), name: 'old', version: 1 };
  const json = { config: '{"name":"old"}', deployment: '{}' };
  await database.kysely
    .insertInto('assistants')
    .values({ ...row, ...json, created_at_ms: 1, updated_at_ms: 1, last_version: 1 })
    .execute();
  const read = await createSqlAssistantStore(database).get('1', '7');
  expect(read?.config.turn.endpointingMs).toBe(500);
  expect(read?.deployment.enabled).toBe(true);
  await database.close();
});
