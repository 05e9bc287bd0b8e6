import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { ServedProcess } from './command.js';
import { workersOf } from './workers.js';

/** Connections go to the worker with the least on them: those that are kept open push the next ones to the other. */
const CONNECTIONS_MAX = 24;

export interface LineAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export interface LineRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** One connection to one worker, as a browser keeps it: whatever is asked over it is answered there. */
export class WorkerLine {
  /** The process at its other end. */
  readonly pid: number;
  readonly #url: string;
  readonly #agent: Agent;

  private constructor(url: string, agent: Agent, pid: number) {
    this.#url = url;
    this.#agent = agent;
    this.pid = pid;
  }

  static async open(served: ServedProcess): Promise<WorkerLine> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { localPort } = await ask(served.url, agent, '/healthz', {});
    return new WorkerLine(served.url, agent, holderOf(served, localPort));
  }

  ask(path: string, options: LineRequest = {}): Promise<LineAnswer> {
    return ask(this.#url, this.#agent, path, options);
  }

  /** The connection becomes the WebSocket's: nothing else can be asked over it. */
  upgrade(path: string, headers: Readonly<Record<string, string>>): WebSocket {
    return new WebSocket(`${this.#url.replace('http', 'ws')}/${path}`, { headers, agent: this.#agent });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** One line to each worker. */
export async function lineToEach(served: ServedProcess): Promise<readonly WorkerLine[]> {
  const workers = workersOf(served);
  const lines = new Map<number, WorkerLine>();
  const spare: WorkerLine[] = [];
  for (let n = 0; n < CONNECTIONS_MAX && lines.size < workers.length; n++) {
    const line = await WorkerLine.open(served);
    if (lines.has(line.pid)) spare.push(line);
    else lines.set(line.pid, line);
  }
  for (const line of spare) line.close();
  if (lines.size < workers.length) throw new Error(`${CONNECTIONS_MAX} connections went to ${lines.size} workers`);
  return [...lines.values()];
}

/** A line to the worker that this one does not go to, of two. */
export async function lineBeside(served: ServedProcess, { pid }: WorkerLine): Promise<WorkerLine> {
  const lines = await lineToEach(served);
  const other = lines.find((line) => line.pid !== pid);
  for (const line of lines) if (line !== other) line.close();
  if (other === undefined) throw new Error('there is one worker only');
  return other;
}

function ask(
  url: string,
  agent: Agent,
  path: string,
  { method = 'GET', headers, body }: LineRequest,
): Promise<LineAnswer & { readonly localPort: number }> {
  return new Promise((resolve, reject) => {
    const sent = { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) };
    const asked = request(`${url}${path}`, { agent, method, headers: sent }, async (answer) => {
      const { localPort = 0 } = answer.socket as Socket;
      const chunks = await answer.toArray();
      const text = Buffer.concat(chunks).toString();
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, localPort });
    });
    asked.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** The worker that has the other end of our connection. */
function holderOf(served: ServedProcess, localPort: number): number {
  const inode = inodeAt(Number(new URL(served.url).port), localPort);
  const holder = workersOf(served).find((pid) => filesOf(pid).includes(`socket:[${inode}]`));
  if (holder === undefined) throw new Error('no worker has the connection');
  return holder;
}

function inodeAt(port: number, remotePort: number): string | undefined {
  const hex = (one: number) => one.toString(16).toUpperCase().padStart(4, '0');
  const columns = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, local, remote]) => local?.endsWith(`:${hex(port)}`) && remote?.endsWith(`:${hex(remotePort)}`));
  return columns?.[9];
}

function filesOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      // It was closed meanwhile.
      return [];
    }
  });
}
