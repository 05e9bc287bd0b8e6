import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asteriskConf, baseFiles, type Ports } from './asterisk-configuration.js';
import { moduleFolder } from './asterisk-root.js';
import { run } from './command.js';
import { freeTcpPort, freeUdpPort } from './free-ports.js';
import { poll, within } from './wait.js';

const START_MS_MAX = 30_000;
const STOP_MS_MAX = 5_000;
const STARTS_MAX = 3;
/** Ports of RTP: an even one and the next for each call, far from what the system gives to others. */
const RTP_PORTS = 200;

export interface AsteriskOptions {
  readonly root: string;
  /** File name to text, put into the configuration folder. */
  readonly files: Readonly<Record<string, string>>;
}

export interface Channel {
  readonly name: string;
  readonly application: string;
}

/** A running Asterisk of its own: configuration, ports, control socket and log in one folder of the root. */
export class Asterisk {
  readonly sipPort: number;
  /** Of ARI; undefined where the files under test have no http.conf. */
  readonly httpPort: number | undefined;
  readonly folder: string;
  readonly #root: string;
  readonly #inside: string;
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #onExit = () => {
    this.#process.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  };

  private constructor(root: string, inside: string, ports: Pick<Ports, 'sip' | 'http'>) {
    this.#root = root;
    this.#inside = inside;
    this.folder = join(root, inside);
    this.sipPort = ports.sip;
    this.httpPort = ports.http;
    const args = [root, '/usr/sbin/asterisk', '-f', '-vvv', '-C', `${inside}/etc/asterisk.conf`];
    this.#process = spawn('chroot', args, { stdio: 'ignore', env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    this.#exited = new Promise((resolve) => {
      this.#process.once('exit', () => resolve());
      this.#process.once('error', () => resolve());
    });
    process.once('exit', this.#onExit);
  }

  /** Resolves when all modules are loaded; fails with the end of its log otherwise. */
  static async start(options: AsteriskOptions): Promise<Asterisk> {
    for (let tries = 1; ; tries++) {
      try {
        return await Asterisk.#start(options);
      } catch (error) {
        // A port that was free a moment ago has been given to somebody else.
        if (tries >= STARTS_MAX || !/Address already in use/.test(String(error))) throw error;
      }
    }
  }

  static async #start({ root, files }: AsteriskOptions): Promise<Asterisk> {
    const sipPort = await freeUdpPort();
    const http = files['http.conf'] === undefined ? undefined : await freeTcpPort();
    const rtpFrom = 20_000 + 2 * (sipPort % 5_000);
    const ports = { sip: sipPort, http, rtpFrom, rtpTo: rtpFrom + RTP_PORTS };
    // Named by the port: two that run at once never share a folder.
    const inside = `/rapida-interop-${sipPort}`;
    const folder = join(root, inside);
    rmSync(folder, { recursive: true, force: true });
    for (const part of ['etc', 'keys']) mkdirSync(join(folder, part), { recursive: true });
    const all: Record<string, string> = { ...files, 'asterisk.conf': asteriskConf(inside, moduleFolder(root)) };
    for (const [name, text] of Object.entries(baseFiles(ports))) {
      all[name] = `${all[name] ?? ''}${text}`;
    }
    for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, 'etc', name), text);
    const asterisk = new Asterisk(root, inside, ports);
    try {
      await asterisk.#waitUntilUp();
      return asterisk;
    } catch (error) {
      const log = asterisk.log().slice(-3_000);
      await asterisk.stop();
      throw new Error(`${String(error)}\n${log}`);
    }
  }

  /** What `asterisk -rx` prints. */
  async cli(command: string): Promise<string> {
    const args = [this.#root, '/usr/sbin/asterisk', '-C', `${this.#inside}/etc/asterisk.conf`, '-rx', command];
    return (await run('chroot', args, 10_000)).output;
  }

  async channels(): Promise<Channel[]> {
    const rows = (await this.cli('core show channels concise')).split('\n').filter((line) => line.includes('!'));
    return rows.map((row) => {
      const columns = row.split('!');
      return { name: columns[0] ?? '', application: columns[5] ?? '' };
    });
  }

  /** Also those of ARI, and those without a channel. */
  async bridges(): Promise<string[]> {
    const rows = (await this.cli('bridge show all')).split('\n').slice(1);
    return rows.flatMap((row) => row.trim().split(/\s+/)[0] || []);
  }

  /** As its administrator does who does not wait for calls. Resolves when all modules are loaded again. */
  async restart(): Promise<void> {
    const booted = () => this.log().split('Asterisk Ready').length;
    const before = booted();
    await this.cli('core restart now');
    await poll('Asterisk comes back', START_MS_MAX, async () => (booted() > before ? 'up' : undefined));
  }

  /** Hung up channels take a moment to go. */
  async isIdle(msMax = 3_000): Promise<void> {
    let left: readonly Channel[] = [];
    const idle = poll('no channel', msMax, async () => {
      left = await this.channels();
      return left.length === 0 ? 'idle' : undefined;
    });
    await idle.catch(() => {
      const names = left.map(({ name, application }) => `${name} in ${application}`);
      throw new Error(`channels left after ${msMax} ms: ${names.join(', ')}`);
    });
  }

  log(): string {
    const file = join(this.folder, 'messages');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** File name to text. */
  configuration(): Record<string, string> {
    const folder = join(this.folder, 'etc');
    return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  }

  /** Ends the process for sure, and removes its folder. Idempotent. */
  async stop(): Promise<void> {
    process.removeListener('exit', this.#onExit);
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill('SIGTERM');
    await within('Asterisk stops', STOP_MS_MAX, this.#exited).catch(() => this.#process.kill('SIGKILL'));
    await within('Asterisk dies', STOP_MS_MAX, this.#exited);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #waitUntilUp(): Promise<void> {
    await poll('Asterisk starts', START_MS_MAX, async () => {
      const { exitCode, signalCode } = this.#process;
      if (exitCode !== null || signalCode !== null)
        throw new Error(`Asterisk ended at once (${exitCode ?? signalCode})`);
      if (!existsSync(join(this.folder, 'asterisk.ctl'))) return undefined;
      const answer = await this.cli('core waitfullybooted');
      return /fully booted/i.test(answer) ? 'up' : undefined;
    });
    const failed = this.log()
      .split('\n')
      .filter((line) => /Error loading module|declined to load|Failed to load|Address already in use/i.test(line));
    if (failed.length > 0) throw new Error(`Asterisk is not as it was configured:\n${failed.join('\n')}`);
  }
}
