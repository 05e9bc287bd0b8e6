import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { must, run } from '../../interop/command.js';
import { freeTcpPort } from '../../interop/free-ports.js';
import { findOrInstall } from './installed.js';
import { asUser, PrivateServer } from './private-server.js';
import type { RealPart, RunningPart } from './real-part.js';
import { poll } from './waiting.js';

const DEBIANS_FOLDER = '/usr/lib/postgresql';
const START_MS_MAX = 60_000;
const STARTS_MAX = 10;
const START_AGAIN_MS = 300;
/** It refuses to be root. Debian's package makes this user. */
const USER = 'postgres';
const PASSWORD = 'only-for-tests';
/** It may be killed and has what it acknowledged, but does not outlive the machine. Each test file has its pools, and the machine may have many cores. */
const OPTIONS = ['fsync=off', 'full_page_writes=off', 'max_connections=300'];

export const postgresql: RealPart = { setting: 'TEST_DATABASE_URL', start: () => PrivatePostgres.start() };

/** A PostgreSQL with a folder, a port and a superuser of its own. */
export class PrivatePostgres implements RunningPart {
  readonly url: string;
  readonly folder: string;
  readonly #programs: string;
  readonly #port: number;
  #server: PrivateServer | undefined;

  private constructor(programs: string, folder: string, port: number) {
    this.#programs = programs;
    this.folder = folder;
    this.#port = port;
    this.url = `postgres://rapida:${PASSWORD}@127.0.0.1:${port}/postgres`;
  }

  static async start(): Promise<PrivatePostgres> {
    const programs = await findOrInstall({
      ...{ name: 'PostgreSQL', debianPackage: 'postgresql', setting: postgresql.setting },
      find: findPrograms,
    });
    const folder = mkdtempSync(join(tmpdir(), 'rapida-postgresql-'));
    const postgres = new PrivatePostgres(programs, folder, await freeTcpPort());
    try {
      await postgres.#initialise();
      await postgres.startServer();
      return postgres;
    } catch (error) {
      await postgres.stop();
      throw error;
    }
  }

  /** On its port and with its data, also after {@link killServer}. */
  async startServer(): Promise<void> {
    for (let tries = 1; ; tries++) {
      const server = this.#spawn();
      this.#server = server;
      const state = await poll('PostgreSQL starts', START_MS_MAX, () => this.#state(server));
      if (state === 'up') return;
      // Somebody else was given the port, or the processes of before a kill are not all gone yet.
      const isInUse = /Address already in use|pre-existing shared memory block|lock file .* already exists/.test(
        server.log,
      );
      await sleep(START_AGAIN_MS);
      if (tries >= STARTS_MAX || !isInUse) throw new Error(`PostgreSQL did not start:\n${server.log}`);
    }
  }

  /** As a crash: nobody is told. */
  async killServer(): Promise<void> {
    await this.#server?.end('SIGKILL');
  }

  /** As an administrator does who does not wait: connections are told and closed. */
  async stopServer(): Promise<void> {
    await this.#server?.end('SIGINT');
  }

  async stop(): Promise<void> {
    await this.#server?.end('SIGINT');
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #initialise(): Promise<void> {
    const passwordFile = join(this.folder, 'password');
    writeFileSync(passwordFile, PASSWORD);
    if (process.getuid?.() === 0) await must('chown', ['-R', USER, this.folder]);
    const args = ['--username=rapida', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8'];
    const all = [...args, '--no-locale', '--no-sync', '-D', join(this.folder, 'data')];
    await must(...asUser(join(this.#programs, 'initdb'), all, USER), START_MS_MAX);
  }

  #spawn(): PrivateServer {
    const settings = ['listen_addresses=127.0.0.1', `port=${this.#port}`, `unix_socket_directories=${this.folder}`];
    const options = [...settings, ...OPTIONS].flatMap((option) => ['-c', option]);
    const args = ['-D', join(this.folder, 'data'), ...options];
    return new PrivateServer({ file: join(this.#programs, 'postgres'), args, folder: this.folder, user: USER });
  }

  async #state(server: PrivateServer): Promise<'up' | 'ended' | undefined> {
    if (!server.isRunning) return 'ended';
    const args = ['-q', '-h', '127.0.0.1', '-p', String(this.#port)];
    return (await run(join(this.#programs, 'pg_isready'), args)).code === 0 ? 'up' : undefined;
  }
}

/** Debian keeps versions side by side and out of the path: the newest of them; elsewhere it is in the path. */
function findPrograms(): string | undefined {
  const versions = existsSync(DEBIANS_FOLDER) ? readdirSync(DEBIANS_FOLDER) : [];
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a)).map((one) => join(DEBIANS_FOLDER, one, 'bin'));
  const folders = [...newestFirst, ...(process.env.PATH ?? '').split(':')];
  return folders.find((folder) => ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))));
}
