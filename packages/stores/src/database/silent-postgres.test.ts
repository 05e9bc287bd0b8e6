import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { CallRecord } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TemporaryPostgres, temporaryPostgres } from '../testing/index.js';
import { callsOf } from './databases.test.helper.js';
import { openPostgres } from './postgres.js';
import type { PoolLimits } from './postgres-pool.js';

const aCall: CallRecord = {
  ...{ id: '1', projectId: '1', assistantId: '2', contextId: 'c', direction: 'inbound', state: 'registered' },
  ...{ from: '+1', to: null, channelId: null, metadata: {}, args: {}, outbound: null, transport: null, format: null },
  ...{ createdAtMs: 1, connectedAtMs: null, endedAtMs: null, disconnectedBy: null, reason: null, directive: null },
  ...{ recording: null, nodeId: 'a', resumes: 0 },
  ...{ assistantVersion: null, overrides: null, analysis: null },
};

/** In front of the real server: it can let nothing through, as a network does that loses everything. */
class Wire {
  isSilent = false;
  readonly #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((near) => this.#join(near));
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const url = new URL(this.#target);
    url.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return url.href;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket): void {
    const far = connect(Number(this.#target.port || 5432), this.#target.hostname);
    for (const [from, to] of [[near, far] as const, [far, near] as const]) {
      this.#sockets.add(from);
      from.on('data', (bytes) => {
        if (!this.isSilent) to.write(bytes);
      });
      from.on('error', () => {});
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}

let postgres: TemporaryPostgres;
let wire: Wire;
let url: string;
beforeEach(async () => {
  postgres = await temporaryPostgres();
  wire = new Wire(postgres.url);
  url = await wire.open();
});
afterEach(async () => {
  await wire.close();
  await postgres.drop();
});

const limits: Partial<PoolLimits> = { connectionsMax: 2, statementMsMax: 1_000 };
const open = () => openPostgres({ url, clock: new VirtualClock(), limits });

describe('a PostgreSQL that falls silent', () => {
  it('fails what was asked of it in time, and is asked over new connections when it is back', async () => {
    const database = await open();
    const calls = callsOf(database);
    await calls.create(aCall);
    wire.isSilent = true;
    const asking = Promise.allSettled([calls.get('1', '1'), calls.get('1', '1'), calls.get('1', '1')]);
    for (const asked of await asking) {
      expect(asked).toMatchObject({ status: 'rejected', reason: { code: 'store_failed' } });
    }
    wire.isSilent = false;
    expect(await calls.get('1', '1')).toEqual(aCall);
    await database.close();
  });

  it('leaves no half of what was being written, and no number missing', async () => {
    const database = await open();
    const calls = callsOf(database);
    await calls.create(aCall);
    const append = () => calls.appendEvent('1', { type: 'x', atMs: 0, data: {} });
    await append();
    const cut = database.kysely.transaction().execute(async (transaction) => {
      await transaction.updateTable('calls').set('event_count', 7).execute();
      wire.isSilent = true;
      await transaction.updateTable('calls').set('event_count', 8).execute();
    });
    await expect(cut).rejects.toThrow('Query read timeout');
    wire.isSilent = false;
    expect((await append()).seq).toBe(2);
    await database.close();
  });

  it('is not opened', async () => {
    wire.isSilent = true;
    await expect(open()).rejects.toMatchObject({ code: 'store_failed', message: expect.stringMatching(/in time/) });
  });
});
