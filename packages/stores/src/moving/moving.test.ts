import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  assistantConfigSchema,
  type CallRecord,
  createIdSource,
  type DeliveryRecord,
  phoneDeploymentSchema,
  RapidaError,
} from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.js';
import { DRIVERS, openEmptyPostgres, temporaryFolder } from '../database/databases.test.helper.js';
import { openEmbedded } from '../database/embedded.js';
import { MIGRATIONS } from '../database/migrations/index.js';
import { openPostgres } from '../database/postgres.js';
import { embeddedSchema, postgresSchema } from '../database/schema-state.js';
import { createSqlStores } from '../sql-stores.js';
import { temporaryPostgres } from '../testing/index.js';
import { exportData } from './export.js';
import { importData } from './import.js';
import { linesOf } from './lines.js';
import { TABLES_IN_ORDER } from './tables-in-order.js';

const clock = new VirtualClock();
const openInMemory = () => openEmbedded({ file: ':memory:', clock });

const aCall: CallRecord = {
  ...{ id: '1', projectId: '1', assistantId: '2', contextId: 'c', direction: 'inbound', state: 'completed' },
  ...{ from: '“Zoë” 👋', to: null, channelId: null, metadata: { a: "o'clock\n" }, args: {}, outbound: null },
  ...{ transport: 'websocket', format: 'ulaw', createdAtMs: 1_790_000_000_000.25, connectedAtMs: 0.1, endedAtMs: null },
  ...{ disconnectedBy: null, reason: null, directive: null, recording: null, nodeId: 'a' },
  ...{ assistantVersion: null, overrides: null, analysis: null },
};
const aTest: DeliveryRecord = {
  ...{ id: '7', webhookId: '5', projectId: '1', callId: null, seq: null, type: 'test', body: '{}', state: 'pending' },
  ...{ attempts: 0, nextAtMs: 1, lastStatus: null, lastError: null, createdAtMs: 1, deliveredAtMs: null },
};

/** Something in every table, and in some more than is read or written at once. */
async function fill(database: Database): Promise<void> {
  const stores = createSqlStores(database, createIdSource(clock));
  const { calls, assistants, credentials, keys, projects, webhooks, sessions, passwords } = stores;
  await projects.ensureDefault({ id: '1', name: 'p', createdAtMs: 1 });
  const key = { ...{ id: '3', projectId: '1', name: 'k', scopes: ['admin' as const], prefix: 'rpd-' }, createdAtMs: 1 };
  await keys.create({ ...key, revokedAtMs: null }, 'hash');
  await passwords.set('1', 'scrypt$');
  const session = { projectId: '1', keyId: '3', createdAtMs: 1, seenAtMs: 2, expiresAtMs: 3 };
  await sessions.create(session, 'hash of a session', 5);
  const config = assistantConfigSchema.parse({ name: 'a', greeting: 'Hi' });
  const deployment = phoneDeploymentSchema.parse({});
  await assistants.create({ id: '2', projectId: '1', version: 1, config, deployment, createdAtMs: 1, updatedAtMs: 1 });
  await credentials.create({
    ...{ id: '4', projectId: '1', name: 'c', provider: 'openai', fields: [], sealed: 'sealed', callsPerSecond: 1 },
    ...{ createdAtMs: 1, updatedAtMs: 1, lastUsedAtMs: null },
  });
  await webhooks.create({
    ...{ id: '5', projectId: '1', assistantId: null, url: 'https://example.com', events: [], enabled: true },
    ...{ sealedSecret: 's', createdAtMs: 1, updatedAtMs: 1 },
  });
  const many = Array.from({ length: 450 }, (_, n) => ({ ...aCall, id: String(n + 100), contextId: `c${n}` }));
  await calls.createAll(many, { projectId: '1', key: 'k', fingerprint: 'f', answer: ['1'], atMs: 1 });
  await calls.create(aCall, {
    type: 'webhook',
    atMs: 1,
    data: { n: 1 },
    metrics: [{ name: 'call.duration', value: 1.5 }],
  });
  for (let n = 0; n < 30; n++) await calls.appendEvent('1', { type: 'x', atMs: n, data: { n } });
  await calls.addTurn('1', { role: 'user', text: 'x', startMs: 0.5, endMs: 1, interrupted: true, metrics: {} });
  await webhooks.addTest(aTest);
}

async function exported(database: Database): Promise<string[]> {
  const lines: string[] = [];
  await exportData(database, async (line) => void lines.push(line));
  return lines;
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

async function refusalOf(importing: Promise<unknown>): Promise<RapidaError> {
  return importing.then(
    () => expect.unreachable('it was imported'),
    (error: unknown) => RapidaError.from(error),
  );
}

async function tablesOf(database: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from sqlite_schema where type = 'table' and name not like 'sqlite%'`.execute(database.kysely);
  return rows.map(({ name }) => name);
}

describe('the tables that are moved', () => {
  it('are all there are', async () => {
    const database = await openInMemory();
    expect([...TABLES_IN_ORDER, 'schema_migrations'].sort()).toEqual((await tablesOf(database)).sort());
    await database.close();
  });
});

describe('moving everything to another database', () => {
  let opened: Database[];
  beforeEach(() => {
    opened = [];
  });
  afterEach(() => Promise.all(opened.map((database) => database.close())));
  const opening = async (open: () => Promise<Database>): Promise<Database> => {
    const database = await open();
    opened.push(database);
    return database;
  };

  it('from the embedded one to PostgreSQL and back loses nothing and changes nothing', async () => {
    const [first, second] = [await opening(openInMemory), await opening(openEmptyPostgres)];
    await fill(first);
    const lines = await exported(first);
    const heard: number[] = [];
    const counts = await importData(second, each(lines), (count) => heard.push(count));
    expect(counts).toMatchObject({ projects: 1, calls: 451, call_events: 31, webhook_deliveries: 32, call_turns: 1 });
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
    expect(heard.at(-1)).toBe(lines.length - 2);
    expect(await exported(second)).toEqual(lines);
    const third = await opening(openInMemory);
    await importData(third, each(await exported(second)));
    expect(await exported(third)).toEqual(lines);
    const calls = createSqlStores(third, createIdSource(clock)).calls;
    expect(await calls.get('1', '1')).toEqual(aCall);
    expect((await calls.appendEvent('1', { type: 'x', atMs: 0, data: {} })).seq).toBe(32);
  });

  it('of nothing gives an empty database', async () => {
    const [first, second] = [await opening(openInMemory), await opening(openEmptyPostgres)];
    await importData(second, each(await exported(first)));
    expect(await exported(second)).toEqual(await exported(first));
  });

  describe.each(DRIVERS)('into %s', (_name, open) => {
    let lines: string[];
    beforeEach(async () => {
      const source = await openInMemory();
      await fill(source);
      lines = await exported(source);
      await source.close();
    });

    it('is refused where there is anything, and says what', async () => {
      const target = await opening(open);
      await createSqlStores(target, createIdSource(clock)).projects.ensureDefault({
        id: '9',
        name: 'p',
        createdAtMs: 1,
      });
      const before = await exported(target);
      const { code, message } = await refusalOf(importData(target, each(lines)));
      expect([code, message]).toEqual([
        'invalid_request',
        expect.stringMatching(/not empty: there are projects \(1\)\. .*first start/),
      ]);
      expect(await exported(target)).toEqual(before);
    });

    it('stores nothing of a file that is cut off, damaged or of another version', async () => {
      const target = await opening(open);
      const empty = await exported(target);
      const row = lines[1]!;
      const cases: readonly (readonly [readonly string[], RegExp])[] = [
        [[], /no export of rapida/],
        [['{"name":"x"}'], /no export of rapida/],
        [['{"format":"rapida-data","version":1,"schema":1}', ...lines.slice(1)], /schema is 1, that of this program/],
        [lines.slice(0, -1), /cut off/],
        [[lines[0]!, row, 'hush', ...lines.slice(2)], /line 3: it is no row/],
        [[lines[0]!, '["schema_migrations",{"version":9}]', ...lines.slice(1)], /line 2: it is no row/],
        [[lines[0]!, '["projects",{"id":true}]', ...lines.slice(1)], /line 2: it is no row/],
        [[lines[0]!, ...lines.slice(2)], /not whole: of projects it should have 1 and has 0/],
        [[...lines, row], /there is more after the end/],
      ];
      for (const [file, words] of cases) {
        const { code, message } = await refusalOf(importData(target, each(file)));
        expect([code, message]).toEqual(['invalid_request', expect.stringMatching(words)]);
        expect(message).not.toContain('hush');
      }
      const strange = [lines[0]!, '["projects",{"id\\" ; drop table calls; --":"1"}]', ...lines.slice(1)];
      expect((await refusalOf(importData(target, each(strange)))).code).toBe('store_failed');
      const twice = [lines[0]!, row, ...lines.slice(1)];
      expect((await refusalOf(importData(target, each(twice)))).code).toBe('store_failed');
      expect(await exported(target)).toEqual(empty);
      await importData(target, each(lines));
      expect(await exported(target)).toEqual(lines);
    });
  });

  it('shows one moment of a PostgreSQL that others write to', async () => {
    const source = await opening(openEmptyPostgres);
    await fill(source);
    const { calls } = createSqlStores(source, createIdSource(clock));
    const before = await exported(source);
    const lines: string[] = [];
    await exportData(source, async (line) => {
      if (lines.push(line) === 2) await calls.appendEvent('1', { type: 'late', atMs: 0, data: {} });
    });
    expect(lines).toEqual(before);
  });
});

describe('lines', () => {
  const pieces = async function* (...texts: readonly string[]) {
    yield* texts;
  };
  const all = async (...texts: readonly string[]) => {
    const lines: string[] = [];
    for await (const line of linesOf(pieces(...texts), 5)) lines.push(line);
    return lines;
  };

  it('are put together from pieces, and bounded', async () => {
    expect(await all('a', 'b\nc', '\n\nd')).toEqual(['ab', 'c', '', 'd']);
    expect(await all('ab\n')).toEqual(['ab']);
    expect(await all()).toEqual([]);
    await expect(all('abc', 'def')).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('the state of a schema', () => {
  const names = MIGRATIONS.map(({ name }) => name);

  it('is all pending of a file that is not there or empty, and none is made', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'rapida.db');
    expect(await embeddedSchema(file)).toEqual({ applied: [], pending: names });
    expect(await embeddedSchema(file)).toEqual({ applied: [], pending: names });
    await (await openEmbedded({ file, clock })).close();
    expect(await embeddedSchema(file)).toEqual({ applied: names, pending: [] });
    await rm(folder, { recursive: true });
  });

  it('is told of PostgreSQL as well, and a newer one is refused', async () => {
    const { url, drop } = await temporaryPostgres();
    expect(await postgresSchema(url)).toEqual({ applied: [], pending: names });
    const database = await openPostgres({ url, clock });
    expect(await postgresSchema(url)).toEqual({ applied: names, pending: [] });
    const last = database.kysely.deleteFrom('schema_migrations').where('version', '=', names.length);
    await last.execute();
    expect(await postgresSchema(url)).toEqual({ applied: names.slice(0, -1), pending: names.slice(-1) });
    await database.kysely.insertInto('schema_migrations').values({ version: 99, name: 'future' }).execute();
    await expect(postgresSchema(url)).rejects.toMatchObject({ code: 'setting_invalid' });
    await database.close();
    await drop();
  });
});
