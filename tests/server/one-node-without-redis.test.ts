import { join } from 'node:path';
import { type TemporaryPostgres, temporaryPostgres } from '@rapida/stores/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { request } from './support/api.js';
import { runCommand, type ServedProcess, serveProcess, temporaryFolder } from './support/command.js';

let postgres: TemporaryPostgres;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let running: ServedProcess[] = [];
/** Another test has the database after that. */
afterEach(async () => {
  for (const { child } of running) child.kill('SIGTERM');
  await Promise.all(running.map(({ finished }) => finished));
  running = [];
});
beforeAll(async () => {
  [postgres, folder] = await Promise.all([temporaryPostgres(), temporaryFolder()]);
}, 60_000);
afterAll(async () => {
  await postgres?.drop();
  await folder?.remove();
});

const environmentOf = (name: string) => ({ DATABASE_URL: postgres.url, NODE__ID: name });

async function serve(name: string, ownKey?: string): Promise<ServedProcess> {
  const served = await serveProcess(join(folder.path, name), environmentOf(name), [], ownKey);
  running.push(served);
  return served;
}

it('a second node on one PostgreSQL does not start without Redis and says which setting is missing, until the first is gone', async () => {
  const first = await serve('a');
  const ports = { HTTP__PORT: '0', AUDIOSOCKET__PORT: '0', GRPC__PORT: '0' };
  const second = await runCommand(['serve'], {
    folder: folder.path,
    environment: { ...environmentOf('b'), ...ports, DATA_DIR: join(folder.path, 'b') },
  });
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/^rapida cannot start: .*REDIS_URL is not set: node a uses this database/m);
  expect((await first.api.get<{ data: { id: string }[] }>('/v1/nodes')).data).toMatchObject([{ id: 'a' }]);

  // As a crash: it has told nobody, and its next life has the database at once; so has another node a lease later.
  first.child.kill('SIGKILL');
  await first.finished;
  const again = await serve('a');
  again.child.kill('SIGKILL');
  await again.finished;
  const other = await serve('b', first.api.key);
  expect((await other.api.get<{ data: { id: string }[] }>('/v1/nodes')).data).toMatchObject([{ id: 'b' }]);
}, 90_000);

it('workers have the database together, and a second node does not start beside them', async () => {
  const served = await serveProcess(join(folder.path, 'w'), { ...environmentOf('w'), WORKERS__COUNT: '2' }, [], 'none');
  running.push(served);
  const second = await runCommand(['serve', '--workers', '2'], {
    folder: folder.path,
    environment: {
      ...environmentOf('v'),
      ...{ HTTP__PORT: '0', AUDIOSOCKET__PORT: '0', GRPC__PORT: '0', DATA_DIR: join(folder.path, 'v') },
    },
  });
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/^rapida cannot start: .*REDIS_URL is not set: node w uses this database/m);
  expect((await request(served.url, '/readyz')).status).toBe(200);
}, 90_000);
