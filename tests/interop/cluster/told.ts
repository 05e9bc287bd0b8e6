import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Lab } from '../lab.js';
import { assert, poll } from '../wait.js';
import type { Cluster } from './cluster.js';

/** Deliveries are repeated by another node a minute after theirs died. */
const TOLD_MS_MAX = 75_000;
const BODY_CHARS_MAX = 1_000_000;

/** One delivery that arrived. */
interface Delivery {
  readonly callId: string;
  readonly seq: number;
  readonly type: string;
}

/** The program of a customer that is told of every event. */
export class Told {
  readonly #deliveries: Delivery[] = [];

  /** Knows of nothing that happened before. */
  static async of(lab: Lab, cluster: Cluster): Promise<Told> {
    const told = new Told();
    const server = createServer((request, answer) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => {
        if (text.length < BODY_CHARS_MAX) text += part;
      });
      request.once('end', () => {
        told.#deliveries.push(JSON.parse(text) as Delivery);
        answer.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    lab.stopLater(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
    await cluster.node(1).send('POST', '/v1/webhooks', { url });
    return told;
  }

  /** Every event of these calls has arrived once, no more and no less. Their number. */
  async knowsOnce(cluster: Cluster, callIds: readonly string[]): Promise<number> {
    const wanted: string[] = [];
    for (const id of callIds) {
      for (const { seq, type } of await cluster.numberedEvents(id)) wanted.push(`${id} ${seq} ${type}`);
    }
    const all = poll('every event was told', TOLD_MS_MAX, async () => {
      return wanted.every((event) => this.#times(event) > 0) ? 'all' : undefined;
    });
    await all.catch((error: unknown) => {
      const missing = wanted.filter((event) => this.#times(event) === 0);
      throw new Error(`${String(error)}: ${missing.length} of ${wanted.length} are missing: ${missing.slice(0, 5)}`);
    });
    const repeated = wanted.filter((event) => this.#times(event) > 1);
    assert(repeated.length === 0, `told more than once: ${repeated.slice(0, 5).join(', ')}`);
    return wanted.length;
  }

  #times(event: string): number {
    return this.#deliveries.filter(({ callId, seq, type }) => `${callId} ${seq} ${type}` === event).length;
  }
}
