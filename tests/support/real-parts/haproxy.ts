import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must } from '../../interop/command.js';
import { freeTcpPort } from '../../interop/free-ports.js';
import { findOrInstall } from './installed.js';
import { PrivateServer } from './private-server.js';
import { poll } from './waiting.js';

const START_MS_MAX = 10_000;
/** Debian's package makes this user. */
const USER = 'haproxy';
const FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

/** What `compose.yaml` runs: two nodes behind it. */
export const HAPROXY_CONFIGURATION = fileURLToPath(new URL('../../../deploy/haproxy/haproxy.cfg', import.meta.url));

export interface BehindHaproxy {
  readonly httpPort: number;
  readonly audiosocketPort: number;
}

/** A HAProxy with our configuration as it is, in front of two nodes on this host. */
export class PrivateHaproxy {
  readonly url: string;
  readonly audiosocketPort: number;
  readonly #server: PrivateServer;
  readonly #folder: string;

  private constructor(ports: BehindHaproxy, server: PrivateServer, folder: string) {
    this.url = `http://127.0.0.1:${ports.httpPort}`;
    this.audiosocketPort = ports.audiosocketPort;
    this.#server = server;
    this.#folder = folder;
  }

  static async start(nodes: readonly [BehindHaproxy, BehindHaproxy]): Promise<PrivateHaproxy> {
    const file = await findHaproxy();
    const ports = { httpPort: await freeTcpPort(), audiosocketPort: await freeTcpPort() };
    const folder = mkdtempSync(join(tmpdir(), 'rapida-haproxy-'));
    const environment = {
      ...addressesOf(nodes),
      HTTP_BIND: on(ports.httpPort),
      AUDIOSOCKET_BIND: on(ports.audiosocketPort),
    };
    // Where its user can read it.
    const configuration = join(folder, 'haproxy.cfg');
    copyFileSync(HAPROXY_CONFIGURATION, configuration);
    if (process.getuid?.() === 0) await must('chown', ['-R', USER, folder]);
    // Not in the background, and with a warning for an error.
    const args = ['-db', '-dW', '-f', configuration];
    const server = new PrivateServer({ file, args, folder, user: USER, environment });
    const started = new PrivateHaproxy(ports, server, folder);
    try {
      await listens(server, ports.audiosocketPort);
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  /** What it writes of requests, and of nodes that come and go. */
  get output(): Pick<PrivateServer, 'log' | 'logSince' | 'written'> {
    return this.#server;
  }

  async stop(): Promise<void> {
    await this.#server.end('SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export function findHaproxy(): Promise<string> {
  return findOrInstall({ name: 'HAProxy', debianPackage: 'haproxy', find: findProgram });
}

/** Resolves when the HAProxy that was started takes connections at the port. */
export async function listens(haproxy: PrivateServer, port: number): Promise<void> {
  await poll(`HAProxy listens:\n${haproxy.log}`, START_MS_MAX, () => {
    if (!haproxy.isRunning) throw new Error(`HAProxy did not start:\n${haproxy.log}`);
    return new Promise<true | undefined>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(undefined));
      socket.once('connect', () => socket.destroy());
    });
  });
}

function on(port: number): string {
  return `127.0.0.1:${port}`;
}

function addressesOf(nodes: readonly BehindHaproxy[]): Record<string, string> {
  const named = nodes.flatMap(({ httpPort, audiosocketPort }, index) => [
    [`NODE_${index + 1}_HTTP`, on(httpPort)],
    [`NODE_${index + 1}_HTTP_PORT`, String(httpPort)],
    [`NODE_${index + 1}_AUDIOSOCKET`, on(audiosocketPort)],
  ]);
  return Object.fromEntries(named);
}

function findProgram(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), ...FOLDERS];
  return folders.map((folder) => join(folder, 'haproxy')).find((program) => existsSync(program));
}
