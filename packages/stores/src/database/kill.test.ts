import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type CallStore, systemClock } from '@rapida/core';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqlWebhookStore } from '../webhooks/sql.js';
import { callsOf, temporaryFolder } from './databases.test.helper.js';
import { openEmbedded } from './embedded.js';
import { MIGRATIONS } from './migrations/index.js';

/** Compiled: a process that is killed must be the one that writes, not a loader around it. */
const CHILD = fileURLToPath(new URL('../../dist/database/kill.test.child.js', import.meta.url));

/** Runs the writer, kills it on its `count`th acknowledgement, and returns all it got out. */
async function acknowledgedBefore(file: string, count: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (lines.push(line) === count) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return lines;
}

async function expectStored(calls: CallStore, line: string): Promise<void> {
  const [what, id = '', ...more] = line.split(' ');
  if (what === 'created') expect((await calls.get('1', id))?.id, line).toBe(id);
  else if (what === 'event') expect((await calls.events(id)).map(({ seq }) => [String(seq)])).toContainEqual(more);
  else if (what === 'turn') expect(await calls.turns(id), line).toHaveLength(1);
  else if (what === 'connected') expect((await calls.get('1', id))?.state, line).toBe('connected');
  else if (what === 'placed') {
    for (const placed of more) expect((await calls.get('1', placed))?.state, line).toBe('queued');
    const again = { projectId: '1', key: id, fingerprint: '', answer: 'again', atMs: 0 };
    expect((await calls.createAll([], again))?.answer, line).toEqual(more);
  } else expect.unreachable(line);
}

describe('the embedded database among processes', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([1, 2, 3, 50, 403, 1_002])(
    'has all that was acknowledged after a kill -9 on acknowledgement %i',
    async (count) => {
      const file = join(folder, 'rapida.db');
      const lines = await acknowledgedBefore(file, count);
      expect(lines.length).toBeGreaterThanOrEqual(count);

      const database = await openEmbedded({ file, clock: systemClock });
      const calls = callsOf(database);
      for (const line of lines) await expectStored(calls, line);
      // What the kill interrupted is there whole or not at all, and the file can be written again.
      const webhooks = createSqlWebhookStore(database);
      for (const { id, state } of await calls.unfinished('killed')) {
        const types = (await calls.events(id)).map(({ type }) => type);
        expect(types.includes('call.connected'), id).toBe(state === 'connected');
        // Written with the call.
        expect(types[0], id).toBe('webhook');
        const outbox = await webhooks.deliveries('1', { callId: id }, 10, null);
        expect(outbox.data.map(({ type }) => type).sort(), id).toEqual(types.sort());
        const { seq } = await calls.appendEvent(id, { type: 'call.ended', atMs: 0, data: {} });
        expect(await calls.events(id)).toHaveLength(seq);
      }
      expect((await calls.queued('1')) % 3).toBe(0);
      const check = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(database.kysely);
      expect(check.rows).toEqual([{ integrity_check: 'ok' }]);
      await database.close();
    },
  );

  it('does not keep a process alive that ends without closing it', async () => {
    const child = spawn(process.execPath, [CHILD, join(folder, 'rapida.db'), '5'], { stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('is migrated once when several processes open a new file at the same time', async () => {
    const file = join(folder, 'rapida.db');
    const children = [1, 2, 3].map(() => spawn(process.execPath, [CHILD, file, '0'], { stdio: 'inherit' }));
    for (const exit of await Promise.all(children.map((child) => once(child, 'exit')))) expect(exit).toEqual([0, null]);
    const database = await openEmbedded({ file, clock: systemClock });
    const rows = await database.kysely.selectFrom('schema_migrations').selectAll().orderBy('version').execute();
    expect(rows).toEqual(MIGRATIONS.map(({ name }, index) => ({ version: index + 1, name })));
    await database.close();
  });
});
