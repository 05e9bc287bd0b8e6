import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { type RunningCommand, type ServedProcess, serveProcess, startCommand } from '../../server/support/command.js';
import { launchChromium } from './chromium.js';
import { type Spoken, writeMicrophone } from './microphone.js';
import { openViewer, type Viewer } from './viewer.js';

/** The last that a server said which ended by itself. */
const STDERR_CHARS = 4_000;

/** A real server with its own voices, and a browser before it, for all tests of one file. */
export class DashboardUnderTest {
  #server: ServedProcess | undefined;
  #browser: Browser | undefined;
  #folder = '';
  readonly #environment: Readonly<Record<string, string>>;

  /** `microphone`: what it hears in each test call. */
  constructor(environment: Readonly<Record<string, string>> = {}, microphone?: Spoken) {
    this.#environment = environment;
    beforeAll(async () => {
      this.#folder = await mkdtemp(join(tmpdir(), 'rapida-dashboard-'));
      const heard = microphone && join(this.#folder, 'microphone.wav');
      if (heard !== undefined) await writeMicrophone(heard, microphone ?? []);
      [this.#server, this.#browser] = await Promise.all([
        serveProcess(this.#folder, environment),
        launchChromium(heard),
      ]);
    });
    afterAll(async () => {
      await this.#browser?.close();
      const { exitCode = null, signalCode = null } = this.#server?.child ?? {};
      // Nobody is waited for: a call that a failed test left would hold it up.
      this.#server?.child.kill('SIGKILL');
      const said = (await this.#server?.finished)?.stderr.slice(-STDERR_CHARS) ?? '';
      await rm(this.#folder, { recursive: true, force: true });
      expect([exitCode, signalCode], `the server has ended by itself: ${said}`).toEqual([null, null]);
    });
  }

  /** Kills the server, and starts it again over what it has left when `between` has changed that. Its ports are others then. */
  async restart(between: (dataDir: string) => Promise<void>): Promise<void> {
    this.server.child.kill('SIGKILL');
    await this.server.finished;
    await between(this.#folder);
    this.#server = await serveProcess(this.#folder, this.#environment);
  }

  get server(): ServedProcess {
    if (this.#server === undefined) throw new Error('the server is not there yet');
    return this.#server;
  }

  /** With a profile of its own. */
  viewer(options?: BrowserContextOptions, url = this.server.url): Promise<Viewer> {
    if (this.#browser === undefined) throw new Error('the browser is not there yet');
    return openViewer(this.#browser, url, options);
  }

  async signedIn(options?: BrowserContextOptions, url?: string): Promise<Viewer> {
    const viewer = await this.viewer(options, url);
    await viewer.signIn(this.server.api.key);
    return viewer;
  }

  /** `rapida ...` against this server. */
  rapida(...argv: string[]): RunningCommand {
    const { url, api } = this.server;
    return startCommand(argv, { folder: tmpdir(), environment: { RAPIDA_URL: url, RAPIDA_API_KEY: api.key } });
  }

  /** A spoken call with `rapida call`, as a telephone holds it. */
  call(...steps: string[]): RunningCommand {
    const { audiosocketPort } = this.server;
    return this.rapida('call', '--audiosocket', `127.0.0.1:${audiosocketPort}`, ...steps);
  }

  /** The newest assistant, changed. */
  async changeAssistant(change: object): Promise<string> {
    const { api } = this.server;
    const { data } = await api.get<{ data: readonly { id: string }[] }>('/v1/assistants');
    const [assistant] = data;
    if (assistant === undefined) throw new Error('there is no assistant');
    await api.send('PUT', `/v1/assistants/${assistant.id}`, { ...assistant, ...change });
    return assistant.id;
  }
}
