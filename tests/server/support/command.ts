import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, vi } from 'vitest';
import { Api } from './api.js';
import type { Doors } from './caller.js';

const COMMAND = fileURLToPath(new URL('../../../packages/cli/bin/rapida.js', import.meta.url));
/** Several may start at once on a machine that is busy. */
const READY_MS = 60_000;

export interface Finished {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly finished: Promise<Finished>;
}

export interface CommandOptions {
  /** All there is beside PATH: nothing of the machine the tests run on gets in. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where `.env` is looked for. */
  readonly folder: string;
  /** Of node itself, e.g. `--diagnostic-dir=...`. */
  readonly nodeOptions?: readonly string[];
}

/** What a test that failed has left running ends with its file. */
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** The compiled command, as it is installed. */
export function startCommand(argv: readonly string[], options: CommandOptions): RunningCommand {
  const { environment = {}, folder, nodeOptions = [] } = options;
  const child = spawn(process.execPath, [...nodeOptions, COMMAND, ...argv], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const stdout = () => Buffer.concat(out).toString();
  const stderr = () => Buffer.concat(err).toString();
  const finished = new Promise<Finished>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal, stdout: stdout(), stderr: stderr() });
    });
  });
  return { child, stdout, stderr, finished };
}

export function runCommand(argv: readonly string[], options: CommandOptions): Promise<Finished> {
  return startCommand(argv, options).finished;
}

export interface ServedProcess extends RunningCommand, Doors {
  readonly dataDir: string;
  readonly grpcPort: number;
  readonly api: Api;
}

/** `rapida serve` on free ports of this host; ready when this resolves. `ownKey`: where its folder has no admin key. */
export async function serveProcess(
  dataDir: string,
  environment: Readonly<Record<string, string>> = {},
  nodeOptions: readonly string[] = [],
  ownKey?: string,
): Promise<ServedProcess> {
  const command = startCommand(['serve'], {
    folder: tmpdir(),
    nodeOptions,
    environment: {
      HTTP__HOST: '127.0.0.1',
      HTTP__PORT: '0',
      AUDIOSOCKET__HOST: '127.0.0.1',
      AUDIOSOCKET__PORT: '0',
      GRPC__PORT: '0',
      DATA_DIR: dataDir,
      ...environment,
    },
  });
  const { httpPort, audiosocketPort, grpcPort } = await vi.waitFor(
    () => {
      const ready = logLines(command.stderr()).find((line) => line.msg === 'ready');
      expect(ready, `the server is not ready: ${command.stderr()}`).toBeDefined();
      return ready as unknown as Pick<ServedProcess, 'audiosocketPort' | 'grpcPort'> & { readonly httpPort: number };
    },
    { timeout: READY_MS, interval: 20 },
  );
  const url = `http://127.0.0.1:${httpPort}`;
  const key = ownKey ?? (await readFile(join(dataDir, 'admin-api-key'), 'utf8')).trim();
  return { ...command, dataDir, url, audiosocketPort, grpcPort, api: new Api(url, key) };
}

export function logLines(stderr: string): Readonly<Record<string, unknown>>[] {
  const whole = stderr.slice(0, stderr.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** A folder for one test file, which removes it. */
export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'rapida-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
