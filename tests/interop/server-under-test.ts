import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { poll, until, within } from './wait.js';

const HOST = '127.0.0.1';
const START_MS_MAX = 30_000;
const STOP_MS_MAX = 10_000;
const REQUEST_MS_MAX = 15_000;
const LISTENING = '0A';
/** The log is for failures: its end is enough. */
const LOG_CHARS_MAX = 2_000_000;

export interface ServerTls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

export interface CallJson {
  readonly id: string;
  readonly contextId: string;
  readonly state: string;
  readonly from: string;
  readonly to: string | null;
  readonly transport: string | null;
  readonly format: string | null;
  readonly endedAt: string | null;
  readonly disconnectedBy: string | null;
  readonly reason: string | null;
  readonly directive: string | null;
}

export interface TurnJson {
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly interrupted: boolean;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface ServerOptions {
  readonly tls?: ServerTls;
  /** Starts with the data of another one, which is idle. */
  readonly copyOf?: ServerUnderTest;
}

/** `rapida serve` in a process and a folder of data of its own, on ports that were free. */
export class ServerUnderTest {
  readonly tls: ServerTls | undefined;
  httpPort = 0;
  audiosocketPort = 0;
  log = '';
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #folder: string;
  readonly #onExit = () => {
    this.#process.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  };

  private constructor({ tls, copyOf }: ServerOptions) {
    this.tls = tls;
    this.#folder = mkdtempSync(join(tmpdir(), 'rapida-interop-'));
    if (copyOf !== undefined) {
      cpSync(join(copyOf.#folder, 'data'), join(this.#folder, 'data'), { recursive: true });
      // It says that the other server is running, which it is.
      rmSync(join(this.#folder, 'data/server.lock'), { force: true });
    }
    const env = {
      PATH: process.env.PATH,
      HTTP__HOST: HOST,
      HTTP__PORT: '0',
      AUDIOSOCKET__HOST: HOST,
      AUDIOSOCKET__PORT: '0',
      DATA_DIR: join(this.#folder, 'data'),
      ...(tls !== undefined && { HTTP__TLS_CERT: tls.cert, HTTP__TLS_KEY: tls.key }),
    };
    const command = [join(repository(), 'packages/cli/bin/rapida.js'), 'serve'];
    this.#process = spawn(process.execPath, command, { cwd: this.#folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.log = (this.log + text).slice(-LOG_CHARS_MAX);
    });
    this.#exited = new Promise((resolve) => {
      this.#process.once('exit', () => resolve());
      this.#process.once('error', () => resolve());
    });
    process.once('exit', this.#onExit);
  }

  static async start(options: ServerOptions = {}): Promise<ServerUnderTest> {
    const server = new ServerUnderTest(options);
    try {
      await until('the server is ready', START_MS_MAX, () => server.#readPorts());
      return server;
    } catch (error) {
      await server.stop();
      throw new Error(`${String(error)}\n${server.log.slice(-2_000)}`);
    }
  }

  get host(): string {
    return `${HOST}:${this.httpPort}`;
  }

  /** The key of the first start that may only register calls. */
  get asteriskKey(): string {
    return this.#secret('asterisk-api-key');
  }

  async send<T>(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<T> {
    const { status, text } = await this.request(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** One connection per request, so that none of ours is taken for one that Asterisk left behind. */
  request(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
    const headers: Record<string, string> = { 'x-api-key': this.#secret('admin-api-key') };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const where = { host: HOST, port: this.httpPort, path, method, headers, agent: false, timeout: REQUEST_MS_MAX };
    return new Promise((resolve, reject) => {
      const { tls } = this;
      const request =
        tls === undefined
          ? httpRequest(where)
          : httpsRequest({ ...where, servername: 'localhost', ca: readFileSync(tls.ca) });
      request.once('timeout', () => request.destroy(new Error(`${method} ${path}: no answer`)));
      request.once('error', reject);
      request.once('response', (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.once('error', reject);
      });
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** The newest call of a caller; waits for it to be registered. */
  async callFrom(from: string, msMax = 5_000): Promise<CallJson> {
    return poll(`a call from ${from} is registered`, msMax, async () => {
      const path = `/v1/calls?limit=1&from=${encodeURIComponent(from)}`;
      return (await this.send<{ data: CallJson[] }>('GET', path)).data[0];
    });
  }

  async call(id: string): Promise<CallJson> {
    return this.send('GET', `/v1/calls/${id}`);
  }

  /** The record after the call has ended. */
  async endedCall(id: string, msMax = 5_000): Promise<CallJson> {
    return poll(`call ${id} has ended in the record`, msMax, async () => {
      const call = await this.call(id);
      return call.endedAt === null ? undefined : call;
    });
  }

  async transcript(id: string): Promise<TurnJson[]> {
    return (await this.send<{ data: TurnJson[] }>('GET', `/v1/calls/${id}/transcript`)).data;
  }

  /** The sum over all labels. */
  async metric(name: string): Promise<number> {
    const { text } = await this.request('GET', '/metrics');
    const values = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    return values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /** Connections that the server still holds (Linux: `/proc/net/tcp`; one that it has closed has no inode any more). */
  openSockets(): number {
    const ports = [this.httpPort, this.audiosocketPort].map((port) => port.toString(16).toUpperCase().padStart(4, '0'));
    const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(1));
    return rows.filter((row) => {
      const [, local = '', , state, , , , , , inode = '0'] = row.trim().split(/\s+/);
      return ports.includes(local.split(':')[1] ?? '') && state !== LISTENING && inode !== '0';
    }).length;
  }

  /** Ends the process as a crash does. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await within('the server dies', STOP_MS_MAX, this.#exited);
  }

  /** Stops it without ending it: connections are still taken by the system, nothing is answered. */
  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    process.removeListener('exit', this.#onExit);
    this.#process.kill('SIGCONT');
    for (const signal of ['SIGTERM', 'SIGTERM', 'SIGKILL'] as const) {
      if (this.#process.exitCode !== null || this.#process.signalCode !== null) break;
      this.#process.kill(signal);
      await within('the server stops', STOP_MS_MAX / 4, this.#exited).catch(() => {});
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #secret(name: string): string {
    return readFileSync(join(this.#folder, 'data', name), 'utf8').trim();
  }

  #readPorts(): boolean {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) throw new Error('the server ended at once');
    const ready = /"httpPort":(\d+),"audiosocketPort":(\d+)/.exec(this.log);
    if (ready === null) return false;
    this.httpPort = Number(ready[1]);
    this.audiosocketPort = Number(ready[2]);
    return true;
  }
}

/** The folder above this one, as a source or compiled, that has the command in it. */
function repository(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'packages/cli/bin/rapida.js'))) {
    if (dirname(folder) === folder) throw new Error('packages/cli/bin/rapida.js was not found');
    folder = dirname(folder);
  }
  return folder;
}
