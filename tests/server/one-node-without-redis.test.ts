import { join } from 'node:path';
import { type TemporaryPostgres, temporaryPostgres } from '@rapida/stores/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand, type ServedProcess, serveProcess, temporaryFolder } from './support/command.js';

let postgres: TemporaryPostgres;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const running: ServedProcess[] = [];
beforeAll(async () => {
  [postgres, folder] = await Promise.all([temporaryPostgres(), temporaryFolder()]);
}, 60_000);
afterAll(async () => {
  for (const { child } of running) child.kill('SIGTERM');
  await Promise.all(running.map(({ finished }) => finished));
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
