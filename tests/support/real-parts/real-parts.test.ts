import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findOrInstall } from './installed.js';
import { PrivatePostgres } from './postgresql.js';
import { asUser, PrivateServer } from './private-server.js';

describe('what a test run needs and does not find', () => {
  const wanted = { name: 'Thing', debianPackage: 'thing-server', setting: 'TEST_THING_URL', find: () => undefined };

  it('is named in one line, with both ways to have it, where it cannot be installed', async () => {
    await expect(findOrInstall(wanted, async () => undefined)).rejects.toThrow(
      /^The tests need Thing, which is not installed: install it \(Debian: thing-server\), .* with TEST_THING_URL\.$/,
    );
    const failing = async () => async () => 'E: no such package';
    await expect(findOrInstall(wanted, failing)).rejects.toThrow(
      /^The tests need Thing, and it could not be installed \(E: no such package\): .* TEST_THING_URL\.$/,
    );
  });

  it('is installed once where that is possible', async () => {
    const installed: string[] = [];
    const find = () => (installed.length > 0 ? '/bin/thing' : undefined);
    const installer = async () => async (name: string) => String(installed.push(name));
    expect(await findOrInstall({ ...wanted, find }, installer)).toBe('/bin/thing');
    expect(await findOrInstall({ ...wanted, find }, installer)).toBe('/bin/thing');
    expect(installed).toEqual(['thing-server']);
  });
});

describe('a private server', () => {
  it('ends when it is told to, or is killed, and says what it printed', async () => {
    for (const script of ['echo ready; exec sleep 1000', 'trap "" INT; echo ready; while :; do sleep 0.1; done']) {
      const folder = await mkdtemp(join(tmpdir(), 'rapida-private-'));
      const server = new PrivateServer({ file: '/bin/sh', args: ['-c', script], folder }, 100);
      await expect.poll(() => server.log).toBe('ready\n');
      expect(server.isRunning).toBe(true);
      await Promise.all([server.end('SIGINT'), server.end('SIGINT')]);
      expect(server.isRunning).toBe(false);
      await rm(folder, { recursive: true });
    }
  });

  it('ends with the process that started it, even when that is killed', async () => {
    const [file, args] = asUser('/bin/sleep', ['1000']);
    const script = `
      require('node:child_process').spawn(${JSON.stringify(file)}, ${JSON.stringify(args)}, { stdio: 'inherit' })
        .on('spawn', () => console.log('ready'));
      setInterval(() => {}, 1_000_000);`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    // The pipe is closed when both are gone.
    const closed = once(parent.stdout, 'close');
    await once(parent.stdout, 'data');
    parent.kill('SIGKILL');
    await closed;
  });
});

describe('the PostgreSQL of a test run', () => {
  it('is named to every test', () => {
    expect(process.env.TEST_DATABASE_URL).toMatch(/^postgres(ql)?:/);
  });

  it('leaves nothing behind', async () => {
    const postgres = await PrivatePostgres.start();
    const { folder } = postgres;
    expect(existsSync(folder)).toBe(true);
    await postgres.stop();
    await postgres.stop();
    expect(existsSync(folder)).toBe(false);
  });
});
