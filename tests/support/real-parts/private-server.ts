import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { settlesWithin } from './waiting.js';

const STOP_MS_MAX = 10_000;
const LOG_CHARS_MAX = 20_000;
const SETPRIV = '/usr/bin/setpriv';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Removed with the server. */
  readonly folder: string;
  /** Runs as this user where we are root: some servers refuse to be root. */
  readonly user?: string;
  /** Beside what is in ours. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** `setpriv` in front, where there is one: another user, and an end with the process that started it, even after a kill -9. */
export function asUser(file: string, args: readonly string[], user?: string): readonly [string, readonly string[]] {
  const isOther = user !== undefined && process.getuid?.() === 0;
  if (!existsSync(SETPRIV)) {
    if (isOther) throw new Error(`${file} must not run as root, and there is no ${SETPRIV} to run it as ${user}.`);
    return [file, args];
  }
  const as = isOther ? [`--reuid=${user}`, `--regid=${user}`, '--init-groups'] : [];
  return [SETPRIV, [...as, '--pdeathsig=QUIT', '--', file, ...args]];
}

/** A server process of our own, which does not outlive us. */
export class PrivateServer {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #stopMsMax: number;
  readonly #exited: Promise<unknown>;
  #log = '';
  #written = 0;
  readonly #onExit = () => {
    this.#process.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  };

  constructor({ file, args, folder, user, environment }: Command, stopMsMax = STOP_MS_MAX) {
    this.#stopMsMax = stopMsMax;
    this.#folder = folder;
    const [program, all] = asUser(file, args, user);
    const env = { ...process.env, ...environment };
    this.#process = spawn(program, all, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log = `${this.#log}${text}`.slice(-LOG_CHARS_MAX);
        this.#written += text.length;
      });
    }
    this.#exited = Promise.race([once(this.#process, 'exit'), once(this.#process, 'error')]).catch(() => {});
    process.once('exit', this.#onExit);
  }

  /** The end of what it printed. */
  get log(): string {
    return this.#log;
  }

  /** Characters that it has printed so far, those that are not kept any more included. */
  get written(): number {
    return this.#written;
  }

  /** What it printed after so many characters, as far as it is kept. */
  logSince(written: number): string {
    return this.#log.slice(Math.max(0, this.#log.length - (this.#written - written)));
  }

  get isRunning(): boolean {
    return this.#process.pid !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Resolves when the process is gone, whatever it takes; its folder stays. Idempotent. */
  async end(signal: NodeJS.Signals): Promise<void> {
    process.removeListener('exit', this.#onExit);
    if (!this.isRunning) return;
    this.#process.kill(signal);
    if (await settlesWithin(this.#stopMsMax, this.#exited)) return;
    this.#process.kill('SIGKILL');
    await this.#exited;
  }
}
