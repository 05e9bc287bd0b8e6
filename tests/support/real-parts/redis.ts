import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../interop/command.js';
import { freeTcpPort } from '../../interop/free-ports.js';
import { findOrInstall } from './installed.js';
import { PrivateServer } from './private-server.js';
import type { RealPart, RunningPart } from './real-part.js';
import { poll } from './waiting.js';

const START_MS_MAX = 30_000;
const STARTS_MAX = 10;
const START_AGAIN_MS = 300;
const PASSWORD = 'only-for-tests';
const FOLDERS = ['/usr/bin', '/usr/local/bin'];

export const redis: RealPart = { setting: 'TEST_REDIS_URL', start: () => PrivateRedis.start() };

/** A Redis with a folder, a port and a password of its own. It keeps nothing on disk: after a kill it is empty. */
export class PrivateRedis implements RunningPart {
  readonly url: string;
  readonly folder: string;
  readonly #program: string;
  readonly #port: number;
  #server: PrivateServer | undefined;

  private constructor(program: string, folder: string, port: number) {
    this.#program = program;
    this.folder = folder;
    this.#port = port;
    this.url = `redis://:${PASSWORD}@127.0.0.1:${port}/0`;
  }

  static async start(): Promise<PrivateRedis> {
    const program = await findOrInstall({
      ...{ name: 'Redis', debianPackage: 'redis-server', setting: redis.setting },
      find: findProgram,
    });
    const folder = mkdtempSync(join(tmpdir(), 'rapida-redis-'));
    const started = new PrivateRedis(program, folder, await freeTcpPort());
    try {
      await started.startServer();
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  /** On its port, also after {@link killServer}. */
  async startServer(): Promise<void> {
    for (let tries = 1; ; tries++) {
      const server = this.#spawn();
      this.#server = server;
      const state = await poll('Redis starts', START_MS_MAX, () => this.#state(server));
      if (state === 'up') return;
      await sleep(START_AGAIN_MS);
      // Somebody else was given the port, or the process of before a kill has it still.
      const isInUse = /Address already in use/.test(server.log);
      if (tries >= STARTS_MAX || !isInUse) throw new Error(`Redis did not start:\n${server.log}`);
    }
  }

  /** As a crash: nobody is told. */
  async killServer(): Promise<void> {
    await this.#server?.end('SIGKILL');
  }

  /** It keeps its connections and says nothing any more, until {@link resumeServer}. */
  pauseServer(): void {
    this.#server?.signal('SIGSTOP');
  }

  resumeServer(): void {
    this.#server?.signal('SIGCONT');
  }

  async stop(): Promise<void> {
    // One that is paused hears nothing else.
    this.resumeServer();
    await this.#server?.end('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #spawn(): PrivateServer {
    const listen = ['--bind', '127.0.0.1', '--port', String(this.#port)];
    const nothingKept = ['--save', '', '--appendonly', 'no', '--dir', this.folder];
    const args = [...listen, ...nothingKept, '--requirepass', PASSWORD, '--daemonize', 'no'];
    return new PrivateServer({ file: this.#program, args, folder: this.folder });
  }

  async #state(server: PrivateServer): Promise<'up' | 'ended' | undefined> {
    if (!server.isRunning) return 'ended';
    const asked = await run('redis-cli', ['-p', String(this.#port), '-a', PASSWORD, '--no-auth-warning', 'ping']);
    return asked.code === 0 && asked.output.includes('PONG') ? 'up' : undefined;
  }
}

function findProgram(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), ...FOLDERS];
  return folders.map((folder) => join(folder, 'redis-server')).find((program) => existsSync(program));
}
