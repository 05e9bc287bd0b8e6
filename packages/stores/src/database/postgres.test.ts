import { type CallRecord, type Logger, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TemporaryPostgres, temporaryPostgres } from '../testing/index.js';
import { callsOf } from './databases.test.helper.js';
import { MIGRATIONS } from './migrations/index.js';
import { openPostgres, whereIs } from './postgres.js';
import { postgresFailure } from './postgres-failures.js';
import type { PoolLimits } from './postgres-pool.js';

const aCall: CallRecord = {
  ...{ id: '1', projectId: '1', assistantId: '2', contextId: 'c', direction: 'inbound', state: 'registered' },
  ...{ from: '+1', to: null, channelId: null, metadata: {}, args: {}, outbound: null, transport: null, format: null },
  ...{ createdAtMs: 1, connectedAtMs: null, endedAtMs: null, disconnectedBy: null, reason: null, directive: null },
  ...{ recording: null, nodeId: 'a', resumes: 0 },
  ...{ assistantVersion: null, overrides: null, analysis: null },
};
const PASSWORD = 'pass-of-the-word';

let postgres: TemporaryPostgres;
const clock = new VirtualClock();
beforeEach(async () => {
  postgres = await temporaryPostgres();
});
afterEach(() => postgres.drop());

const open = (limits: Partial<PoolLimits> = {}, logger: Logger = silentLogger) =>
  openPostgres({ url: postgres.url, clock, logger, limits });

/** The address with something changed in it. */
function addressWith(change: (url: URL) => void): string {
  const url = new URL(postgres.url);
  change(url);
  return url.href;
}

async function refusal(url: string): Promise<{ readonly code: string; readonly message: string }> {
  const failure = await openPostgres({ url, clock }).then(
    () => expect.unreachable('it was opened'),
    (error: unknown) => error as { readonly code: string; readonly message: string },
  );
  expect(failure.message).not.toContain('\n');
  expect(failure.message).not.toContain(PASSWORD);
  return failure;
}

/** A session beside the pool. */
async function beside<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('opening a PostgreSQL', () => {
  it('migrates it once when ten nodes start together, and each finds it done', async () => {
    const migrated: unknown[] = [];
    const logger = { ...silentLogger, info: (fields: object) => migrated.push(fields) };
    const databases = await Promise.all(Array.from({ length: 10 }, () => open({ connectionsMax: 1 }, logger)));
    const names = MIGRATIONS.map(({ name }, index) => ({ version: index + 1, name }));
    expect(migrated).toEqual(names.map(({ version, name }) => ({ version, migration: name })));
    for (const { kysely } of databases) {
      const rows = await kysely.selectFrom('schema_migrations').selectAll().orderBy('version').execute();
      expect(rows).toEqual(names);
    }
    await Promise.all(databases.map(({ close }) => close()));
  });

  it('finds again what was stored before it was closed', async () => {
    const first = await open();
    await callsOf(first).create(aCall);
    await first.close();
    const second = await open();
    expect(await callsOf(second).get('1', '1')).toEqual(aCall);
    await second.close();
  });

  it('refuses one of a newer version, names both versions, and leaves no part of a migration', async () => {
    const database = await open();
    const version = MIGRATIONS.length + 1;
    await database.kysely.insertInto('schema_migrations').values({ version, name: 'future' }).execute();
    await database.close();
    const { code, message } = await refusal(postgres.url);
    expect(code).toBe('setting_invalid');
    expect(message).toMatch(new RegExp(`newer version.* ${version}, .* ${MIGRATIONS.length}\\.`));
  });

  it('undoes all of a migration that fails', async () => {
    await beside((client) => client.query('create table webhooks (id text)'));
    expect((await refusal(postgres.url)).code).toBe('store_failed');
    const { rows } = await beside((client) =>
      client.query("select tablename from pg_tables where schemaname = 'public'"),
    );
    expect(rows).toEqual([{ tablename: 'webhooks' }]);
  });

  it.each([
    ['a wrong password', { password: PASSWORD }, 'setting_invalid', /the password is wrong.*28P01/],
    ['no such database', { pathname: '/nowhere' }, 'setting_invalid', /there is no such database.*3D000/],
    ['nobody there', { port: '1', password: PASSWORD }, 'store_failed', /nobody listens there.*ECONNREFUSED/],
    ['a host that does not exist', { hostname: 'no-such-host.invalid', password: PASSWORD }, /_/, /host|name/],
    ['no TLS where it is wanted', { search: '?sslmode=verify-full', password: PASSWORD }, /_/, /TLS/],
    ['a certificate that is not there', { search: '?sslrootcert=/no/such/file' }, 'setting_invalid', /no address/],
  ])('says in one line what is wrong, without the password: %s', async (_what, parts, code, words) => {
    const failure = await refusal(addressWith((url) => Object.assign(url, parts)));
    expect(failure.code).toMatch(code);
    expect(failure.message).toMatch(words);
  });

  it.each(['mysql://u:pass-of-the-word@h/db', 'postgres://u:pass-of-the-word#x@h:port/db', 'postgres', ''])(
    'refuses what is no address: %s',
    async (url) => {
      expect(await refusal(url)).toMatchObject({
        code: 'setting_invalid',
        message: expect.stringContaining('postgres://'),
      });
    },
  );

  it('names the database by host, port and name alone', () => {
    expect(whereIs(`postgres://u:${PASSWORD}@db.example:5433/rapida?sslmode=require`)).toBe('db.example:5433/rapida');
    const failure = postgresFailure('h:1/d', Object.assign(new Error(`x ${PASSWORD}`), { code: '57P03' }));
    expect(failure.message).toBe('The database h:1/d cannot be used: it is starting or stopping (57P03).');
  });

  it('refuses one that does not keep text in UTF-8', async () => {
    await beside(async (client) => {
      await client.query("create database rapida_test_latin1 template template0 encoding 'LATIN1' locale 'C'");
    });
    try {
      const url = addressWith((address) => {
        address.pathname = '/rapida_test_latin1';
      });
      expect(await refusal(url)).toMatchObject({
        code: 'setting_invalid',
        message: expect.stringMatching(/LATIN1.*UTF8/),
      });
    } finally {
      await beside((client) => client.query('drop database rapida_test_latin1 with (force)'));
    }
  });
});

describe('a PostgreSQL in trouble', () => {
  it('fails with store_failed while somebody holds a row, and works again afterwards, with no number missing', async () => {
    const database = await open({ lockMsMax: 50 });
    const calls = callsOf(database);
    await calls.create(aCall);
    const append = () => calls.appendEvent('1', { type: 'x', atMs: 0, data: {} });
    await beside(async (client) => {
      await client.query('begin');
      await client.query('update calls set event_count = event_count');
      await expect(append()).rejects.toMatchObject({ code: 'store_failed', message: expect.stringContaining('55P03') });
      await client.query('rollback');
    });
    expect((await append()).seq).toBe(1);
    await database.close();
  });

  it('ends a statement that takes too long, and goes on', async () => {
    const { kysely, close } = await open({ statementMsMax: 500 });
    await expect(sql`select pg_sleep(10)`.execute(kysely)).rejects.toMatchObject({ code: '57014' });
    expect((await sql<{ n: number }>`select 1 as n`.execute(kysely)).rows).toEqual([{ n: 1 }]);
    await close();
  });

  it('refuses at once who would wait behind too many, and in time who waits too long', async () => {
    const { kysely, close } = await open({ connectionsMax: 1, waitersMax: 2, connectMsMax: 1_000 });
    let free: (() => void) | undefined;
    const held = kysely.connection().execute(
      () =>
        new Promise<void>((resolve) => {
          free = resolve;
        }),
    );
    const one = () => sql`select 1`.execute(kysely);
    await expect.poll(() => free).toBeDefined();
    const waiting = Promise.allSettled([one(), one()]);
    await expect(one()).rejects.toMatchObject({ code: 'store_failed', message: '2 wait for the database already.' });
    expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    free?.();
    await held;
    await one();
    await close();
  });

  it('replaces connections that were ended, idle ones and one within a transaction, which is undone', async () => {
    const database = await open();
    const calls = callsOf(database);
    await calls.create(aCall);
    const endAll = () =>
      beside((client) =>
        client.query(`select pg_terminate_backend(pid, 10000) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`),
      );
    await endAll();
    const cut = database.kysely.transaction().execute(async (transaction) => {
      await transaction.updateTable('calls').set({ reason: 'half' }).execute();
      await endAll();
      await transaction.updateTable('calls').set({ reason: 'whole' }).execute();
    });
    await expect(cut).rejects.toThrow();
    expect((await calls.get('1', '1'))?.reason).toBeNull();
    await database.close();
  });

  it('fails with store_failed after it was closed, and closes twice', async () => {
    const database = await open();
    const calls = callsOf(database);
    await calls.create(aCall);
    const appending = calls.appendEvent('1', { type: 'x', atMs: 0, data: {} });
    await Promise.all([database.close(), database.close()]);
    await database.close();
    expect((await appending).seq).toBe(1);
    await expect(calls.create(aCall)).rejects.toMatchObject({ code: 'store_failed' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('quotes no values of rows in an error', async () => {
    const { kysely, close } = await open();
    const row = { id: '1'.padStart(20, '0'), project_id: 'p', name: 'n', scopes: '[]', prefix: '', created_at_ms: 1 };
    const insert = () =>
      kysely
        .insertInto('api_keys')
        .values({ ...row, hash: 'hush-hush' })
        .execute();
    await insert();
    const failure = await insert().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: '23505', detail: undefined });
    expect(JSON.stringify(failure)).not.toContain('hush-hush');
    await close();
  });
});

describe('what PostgreSQL cannot hold', () => {
  it('stores U+0000 in text as U+FFFD, and finds it so', async () => {
    const database = await open();
    const calls = callsOf(database);
    await calls.create({ ...aCall, from: '+1\0+2' });
    expect((await calls.get('1', '1'))?.from).toBe('+1\ufffd+2');
    expect((await calls.list('1', { from: '+1\0+2' }, 1, null)).data).toHaveLength(1);
    await database.close();
  });

  it.each([[true], [undefined], [{}], [1n]])(
    'refuses %o as a parameter, as the embedded database does',
    async (value) => {
      const { kysely, close } = await open();
      await expect(sql`select ${value} as x`.execute(kysely)).rejects.toThrow(TypeError);
      await close();
    },
  );
});
