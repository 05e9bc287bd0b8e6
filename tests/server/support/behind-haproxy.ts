import { join } from 'node:path';
import { temporaryPostgres } from '@rapida/stores/testing';
import { expect, vi } from 'vitest';
import { freeTcpPort } from '../../interop/free-ports.js';
import { type BehindHaproxy, PrivateHaproxy } from '../../support/real-parts/haproxy.js';
import { Api, request } from './api.js';
import { type Caller, callOverAudioSocket, callOverWebSocket, type Doors, stillTalks } from './caller.js';
import { type ServedProcess, serveProcess, temporaryFolder } from './command.js';
import { patientAssistant } from './server-under-test.js';

/** A node starts, its engines load, HAProxy sees that it has; the machine may be busy. */
export const SEEN_MS = 20_000;
const VAULT_KEY = Buffer.alloc(32, 7).toString('base64');

export type NodeIndex = 0 | 1;

/** What `compose.yaml` puts together, without Asterisk: two nodes on one PostgreSQL and one Redis behind HAProxy. */
export class TwoNodes {
  readonly haproxy: PrivateHaproxy;
  /** Through HAProxy. */
  readonly api: Api;
  readonly assistantId: string;
  readonly #serve: (index: NodeIndex) => Promise<ServedProcess>;
  readonly #nodes: [ServedProcess, ServedProcess];
  readonly #release: () => Promise<void>;

  private constructor(
    parts: Pick<TwoNodes, 'haproxy' | 'api' | 'assistantId'>,
    serve: (index: NodeIndex) => Promise<ServedProcess>,
    nodes: [ServedProcess, ServedProcess],
    release: () => Promise<void>,
  ) {
    this.haproxy = parts.haproxy;
    this.api = parts.api;
    this.assistantId = parts.assistantId;
    this.#serve = serve;
    this.#nodes = nodes;
    this.#release = release;
  }

  static async start(): Promise<TwoNodes> {
    const folder = await temporaryFolder();
    const database = await temporaryPostgres();
    const ports: [BehindHaproxy, BehindHaproxy] = [await freePorts(), await freePorts()];
    let key: string | undefined;
    const serve = (index: NodeIndex) =>
      serveProcess(join(folder.path, `node-${index + 1}`), settingsOf(index, ports[index], database.url), [], key);
    const first = await serve(0);
    key = first.api.key;
    const nodes: [ServedProcess, ServedProcess] = [first, await serve(1)];
    const haproxy = await PrivateHaproxy.start(ports);
    const release = async () => {
      await haproxy.stop();
      await database.drop();
      await folder.remove();
    };
    const assistantId = await patientAssistant(first.api);
    return new TwoNodes({ haproxy, api: new Api(haproxy.url, key), assistantId }, serve, nodes, release);
  }

  get doors(): Doors {
    return { url: this.haproxy.url, audiosocketPort: this.haproxy.audiosocketPort };
  }

  node(index: NodeIndex): ServedProcess {
    return this.#nodes[index];
  }

  /** Once more, on its ports and its folder. */
  async startAgain(index: NodeIndex): Promise<void> {
    this.#nodes[index] = await this.#serve(index);
  }

  register(): Promise<string> {
    return this.api.register(this.assistantId);
  }

  /** Through HAProxy, and connected. */
  async call(transport: 'audiosocket' | 'websocket'): Promise<Caller> {
    return this.connect(transport, await this.register());
  }

  async connect(transport: 'audiosocket' | 'websocket', contextId: string): Promise<Caller> {
    const over = transport === 'audiosocket' ? callOverAudioSocket : callOverWebSocket;
    const caller = await over(this.doors, contextId);
    await this.api.ended(contextId, { state: 'connected' });
    return caller;
  }

  /** Two over each transport, which have been greeted. */
  async fourCalls(): Promise<readonly Caller[]> {
    const calls = [await this.call('audiosocket'), await this.call('websocket')];
    calls.push(await this.call('audiosocket'), await this.call('websocket'));
    const greeted = () => expect(calls.every(({ voiced }) => voiced > 0)).toBe(true);
    await vi.waitFor(greeted, { timeout: SEEN_MS, interval: 20 });
    return calls;
  }

  async stillTalks(callers: readonly Caller[]): Promise<void> {
    for (const caller of callers) {
      const { id } = await this.api.callOf(caller.contextId);
      await stillTalks(caller, () => this.api.send('POST', `/v1/calls/${id}/say`, { text: 'Still here.' }));
    }
  }

  /** None of them was cut before; each is on record as ended by its caller afterwards. */
  async hangUp(callers: readonly Caller[]): Promise<void> {
    for (const caller of callers) {
      expect(caller.over, `${caller.contextId} was cut`).toBeUndefined();
      caller.hangup();
    }
    for (const { contextId } of callers) {
      await this.api.ended(contextId, { state: 'completed', disconnectedBy: 'user' });
    }
  }

  async liveCallsOn(index: NodeIndex): Promise<number> {
    const { text } = await request(this.node(index).url, '/healthz');
    return (JSON.parse(text) as { liveCalls: number }).liveCalls;
  }

  /** Until HAProxy has written so, after so many characters. */
  async seenByHaproxy(pattern: RegExp, written = 0): Promise<void> {
    const { output } = this.haproxy;
    await vi.waitFor(() => expect(output.logSince(written)).toMatch(pattern), { timeout: SEEN_MS, interval: 20 });
  }

  async stop(): Promise<void> {
    for (const { child, finished } of this.#nodes) {
      child.kill('SIGKILL');
      await finished;
    }
    await this.#release();
  }
}

async function freePorts(): Promise<BehindHaproxy> {
  return { httpPort: await freeTcpPort(), audiosocketPort: await freeTcpPort() };
}

function settingsOf(index: NodeIndex, { httpPort, audiosocketPort }: BehindHaproxy, databaseUrl: string) {
  return {
    DATABASE_URL: databaseUrl,
    REDIS_URL: process.env.TEST_REDIS_URL ?? '',
    REDIS__PREFIX: new URL(databaseUrl).pathname.slice(1),
    VAULT__KEY: VAULT_KEY,
    NODE__ID: `node-${index + 1}`,
    HTTP__PORT: String(httpPort),
    AUDIOSOCKET__PORT: String(audiosocketPort),
    DRAIN__TIMEOUT_SECONDS: '60',
  };
}
