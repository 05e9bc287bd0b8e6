import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SETTINGS } from '@rapida/server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from '../interop/command.js';
import { freeTcpPort } from '../interop/free-ports.js';
import { request } from './support/api.js';
import { temporaryFolder } from './support/command.js';
import { assemble, IMAGE, Sandbox } from './support/sandbox.js';

const START_MS = 20_000;
const MEGABYTES_MAX = 130;
const DOCKERFILE = readFileSync(fileURLToPath(new URL('../../Dockerfile', import.meta.url)), 'utf8');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let runtime: string;
let home: string;
let sandbox: Sandbox;
beforeAll(async () => {
  folder = await temporaryFolder();
  runtime = join(folder.path, 'runtime');
  home = join(folder.path, 'home');
  await run('chmod', ['0755', folder.path]);
  await assemble(runtime);
  sandbox = await Sandbox.make(runtime, home);
}, 300_000);
afterAll(() => folder.remove());

const filesIn = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('what goes into the image', () => {
  it('is small', () => {
    const bytes = filesIn(runtime).reduce((sum, file) => sum + statSync(file).size, 0);
    expect(bytes / 1_000_000).toBeLessThan(MEGABYTES_MAX);
  });

  it('has no compiler, no test, no types, and no setting or data of whoever builds it', () => {
    for (const name of ['typescript', 'vitest', 'tsx', '@biomejs']) {
      expect(existsSync(join(runtime, 'node_modules', name)), name).toBe(false);
    }
    const strange = filesIn(runtime).filter((file) => /\.test\.|\.[cm]?ts$|\.map$|\/\.env|\/data\//.test(file));
    expect(strange).toEqual([]);
  });

  it('has the dashboard as it was built, and nothing of what it was built with', () => {
    const pages = join(runtime, 'packages/dashboard');
    expect(readdirSync(pages).sort()).toEqual(['dist', 'package.json']);
    expect(readdirSync(join(pages, 'dist'))).toContain('index.html');
    for (const name of ['react', 'vite', 'tailwindcss']) {
      expect(existsSync(join(runtime, 'node_modules', name)), name).toBe(false);
    }
  });

  it('keeps the licences of others', () => {
    for (const name of ['fastify', 'pg', 'zod']) {
      expect(readdirSync(join(runtime, 'node_modules', name)).join(' '), name).toMatch(/licen[cs]e/i);
    }
  });
});

describe('the Dockerfile', () => {
  it('runs the command as a user that is not root, from the folder that is tested here', () => {
    expect(DOCKERFILE).toContain(`USER ${IMAGE.user}:${IMAGE.user}\n`);
    expect(DOCKERFILE).toContain(`COPY --from=build /runtime ${IMAGE.folder}\n`);
    expect(DOCKERFILE).toContain(`ENV DATA_DIR=${IMAGE.home}/data\n`);
    const target = /ln -s (\S+) \/usr\/local\/bin\/rapida/.exec(DOCKERFILE)?.[1] ?? '';
    expect(target.startsWith(`${IMAGE.folder}/`)).toBe(true);
    expect(statSync(join(runtime, target.slice(IMAGE.folder.length))).mode & 0o111).toBe(0o111);
  });

  it('exposes the ports that the server listens on by default', () => {
    const ports = (['HTTP__PORT', 'AUDIOSOCKET__PORT', 'GRPC__PORT'] as const).map((name) => SETTINGS[name].standard);
    expect(DOCKERFILE).toContain(`EXPOSE ${ports.join(' ')}\n`);
  });
});

describe('a server from that folder, with a root file system it cannot write to and without any privilege', () => {
  let served: ChildProcess;
  let log = '';
  let environment: Record<string, string>;
  beforeAll(async () => {
    const [http, audiosocket, grpc] = [await freeTcpPort(), await freeTcpPort(), await freeTcpPort()];
    const ports = { HTTP__PORT: `${http}`, AUDIOSOCKET__PORT: `${audiosocket}`, GRPC__PORT: `${grpc}` };
    environment = { ...ports, RAPIDA_URL: `http://127.0.0.1:${http}` };
    served = spawn(...sandbox.command(['serve'], environment), { stdio: ['ignore', 'ignore', 'pipe'] });
    served.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    await vi.waitFor(() => expect(log).toContain('"msg":"ready"'), { timeout: START_MS, interval: 50 });
  }, START_MS + 5_000);
  afterAll(() => {
    served?.kill('SIGKILL');
  });

  it.each(['audiosocket', 'websocket'])(
    'holds a conversation with `rapida call` in the same container by %s',
    async (transport) => {
      const argv = ['call', '--transport', transport, '--say', 'thank you goodbye', '--json'];
      const { code, output } = await run(...sandbox.command(argv, environment), 60_000);
      expect(code, output).toBe(0);
      expect(output).toContain('thank you goodbye');
      expect(log).toContain('"reason":"end_call"');
    },
    60_000,
  );

  it('serves the dashboard, and each file that its page names', async () => {
    const url = environment.RAPIDA_URL ?? '';
    const page = await request(url, '/', { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const named = [...page.text.matchAll(/(?:src|href)="(?!\/")([^"]+)"/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) {
      expect((await request(url, new URL(name, `${url}/`).pathname)).status, name).toBe(200);
    }
  });

  it('writes to its folder of data, as its own user, for nobody else', () => {
    const { uid, mode } = statSync(join(home, 'data'));
    expect(mode & 0o777).toBe(0o700);
    if (process.getuid?.() === 0) expect(uid).toBe(IMAGE.user);
    expect(readdirSync(home)).toEqual(['data']);
    expect(log).not.toMatch(/EROFS|EACCES|EPERM/);
  });

  it('stops when it is told to', async () => {
    const exited = once(served, 'exit');
    // Not the sandbox around it, which would end without it.
    process.kill(Number(readFileSync(join(home, 'data/server.lock'), 'utf8')), 'SIGTERM');
    expect(await exited).toEqual([0, null]);
  });
});
