import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSockets } from './open-sockets.js';
import type { CallJson, EventJson, TurnJson } from './server-json.js';
import { poll, until, within } from './wait.js';

const HOST = '127.0.0.1';
const START_MS_MAX = 30_000;
const STOP_MS_MAX = 10_000;
const REQUEST_MS_MAX = 15_000;
/** The log is for failures: its end is enough. */
const LOG_CHARS_MAX = 2_000_000;

export interface ServerTls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

export interface ServerOptions {
  readonly tls?: ServerTls;
  /** Starts with the data of another one, which is idle. */
  readonly copyOf?: ServerUnderTest;
  /** Has one database with another one, which made the keys. */
  readonly keysOf?: ServerUnderTest;
  /** Settings besides those that keep the servers of the suite apart. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** `rapida serve` in a process and a folder of data of its own, on ports that were free. */
export class ServerUnderTest {
  readonly tls: ServerTls | undefined;
  httpPort = 0;
  audiosocketPort = 0;
  log = '';
  readonly #settings: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly #keysFolder: string;
  #process: ChildProcess;
  #exited: Promise<void>;
  /** Where the log of this process begins. */
  #logFrom = 0;
  readonly #onExit = () => {
    this.#process.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  };

  private constructor({ tls, copyOf, keysOf, settings = {} }: ServerOptions) {
    this.tls = tls;
    this.#settings = settings;
    this.#folder = mkdtempSync(join(tmpdir(), 'rapida-interop-'));
    this.#keysFolder = keysOf === undefined ? this.#folder : keysOf.#folder;
    if (copyOf !== undefined) {
      cpSync(join(copyOf.#folder, 'data'), join(this.#folder, 'data'), { recursive: true });
      // It says that the other server is running, which it is.
      rmSync(join(this.#folder, 'data/server.lock'), { force: true });
    }
    this.#process = this.#spawn();
    this.#exited = exitOf(this.#process);
    process.once('exit', this.#onExit);
  }

  static async start(options: ServerOptions = {}): Promise<ServerUnderTest> {
    const server = new ServerUnderTest(options);
    try {
      await server.#ready();
      return server;
    } catch (error) {
      await server.stop();
      throw new Error(`${String(error)}\n${server.log.slice(-2_000)}`);
    }
  }

  /** Once more on the same folder and the same ports, after it has ended. */
  async restart(): Promise<void> {
    this.#logFrom = this.log.length;
    this.#process = this.#spawn();
    this.#exited = exitOf(this.#process);
    await this.#ready();
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

  async events(id: string): Promise<EventJson[]> {
    return (await this.send<{ data: EventJson[] }>('GET', `/v1/calls/${id}/events`)).data;
  }

  /** The sum over all labels. */
  async metric(name: string): Promise<number> {
    const { text } = await this.request('GET', '/metrics');
    const values = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    return values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /** Connections to it that it still holds. */
  openSockets(): number {
    return openSockets([this.httpPort, this.audiosocketPort]);
  }

  /** Ends the process as a crash does. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await within('the server dies', STOP_MS_MAX, this.#exited);
  }

  /** Ends it as an administrator does who waits for its calls. Resolves when it is gone, with the code it ended with. */
  async drain(msMax: number): Promise<number | null> {
    this.#process.kill('SIGTERM');
    await within('the server ends after SIGTERM', msMax, this.#exited);
    return this.#process.exitCode;
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
    return readFileSync(join(this.#keysFolder, 'data', name), 'utf8').trim();
  }

  #spawn(): ChildProcess {
    const { tls } = this;
    const env = {
      PATH: process.env.PATH,
      // Asterisk is given the ports with the configuration; a name would be looked up.
      PUBLIC_ASSISTANT_HOST: HOST,
      HTTP__HOST: HOST,
      HTTP__PORT: String(this.httpPort),
      AUDIOSOCKET__HOST: HOST,
      AUDIOSOCKET__PORT: String(this.audiosocketPort),
      GRPC__HOST: HOST,
      GRPC__PORT: '0',
      DATA_DIR: join(this.#folder, 'data'),
      ...(tls !== undefined && { HTTP__TLS_CERT: tls.cert, HTTP__TLS_KEY: tls.key }),
      ...this.#settings,
    };
    const command = [join(repository(), 'packages/cli/bin/rapida.js'), 'serve'];
    const child = spawn(process.execPath, command, { cwd: this.#folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.log = (this.log + text).slice(-LOG_CHARS_MAX);
    });
    return child;
  }

  async #ready(): Promise<void> {
    await until('the server is ready', START_MS_MAX, () => this.#readPorts());
  }

  #readPorts(): boolean {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) throw new Error('the server ended at once');
    const log = this.log.slice(this.#logFrom);
    const http = /"httpPort":(\d+)/.exec(log);
    const audiosocket = /"audiosocketPort":(\d+)/.exec(log);
    if (http === null || audiosocket === null) return false;
    this.httpPort = Number(http[1]);
    this.audiosocketPort = Number(audiosocket[1]);
    return true;
  }
}

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
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
