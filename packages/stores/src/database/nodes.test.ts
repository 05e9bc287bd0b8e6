import {
  assistantConfigSchema,
  type CallRecord,
  type CallStore,
  createIdSource,
  type DeliveryAttempt,
  type DeliveryRecord,
  phoneDeploymentSchema,
  type WebhookRecord,
  type WebhookStore,
} from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqlAssistantStore } from '../assistants/sql.js';
import { createSqlCallStore } from '../calls/sql.js';
import { createSqlProjectStore } from '../projects/sql.js';
import { createSqlWebhookStore } from '../webhooks/sql.js';
import type { Database } from './database.js';
import { openEmptyPostgres, postgresUrl } from './databases.test.helper.js';
import { openPostgres } from './postgres.js';
import { toStoredId } from './stored-id.js';
import { inTransaction } from './transaction.js';

/** What one writer at a time gives the embedded database for nothing: here two nodes write to one PostgreSQL at once. */

const order = {
  notBeforeMs: 1,
  attempt: 0,
  attemptsMax: 1,
  retryAfterMs: 1_000,
  retryOn: [],
  ringMs: null,
  dialed: null,
};
const aCall: CallRecord = {
  ...{ id: '1', projectId: '1', assistantId: '2', contextId: 'c', direction: 'inbound', state: 'registered' },
  ...{ from: '+1', to: null, channelId: null, metadata: {}, args: {}, outbound: null, transport: null, format: null },
  ...{ createdAtMs: 1, connectedAtMs: null, endedAtMs: null, disconnectedBy: null, reason: null, directive: null },
  ...{ recording: null, nodeId: 'a', resumes: 0 },
  ...{ assistantVersion: null, overrides: null, analysis: null },
};
const aWebhook: WebhookRecord = {
  ...{ id: '5', projectId: '1', assistantId: null, url: 'https://example.com', events: [], enabled: true },
  ...{ sealedSecret: '', createdAtMs: 1, updatedAtMs: 1 },
};
const aTest: DeliveryRecord = {
  ...{ id: '7', webhookId: '5', projectId: '1', callId: null, seq: null, type: 'test', body: '{}', state: 'pending' },
  ...{ attempts: 0, nextAtMs: 1, lastStatus: null, lastError: null, createdAtMs: 1, deliveredAtMs: null },
};
const event = (n: number) => ({ type: 'x', atMs: n, data: { n } });
const NOBODY = { projectIds: [], assistantIds: [] };
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

interface Node {
  readonly database: Database;
  readonly calls: CallStore;
  readonly webhooks: WebhookStore;
}

let nodes: readonly [Node, Node];
const of = (n: number): Node => nodes[n % 2]!;
beforeEach(async () => {
  const newId = createIdSource(new VirtualClock());
  const nodeOn = (database: Database): Node => ({
    database,
    calls: createSqlCallStore(database, newId),
    webhooks: createSqlWebhookStore(database),
  });
  const first = await openEmptyPostgres();
  nodes = [nodeOn(first), nodeOn(await openPostgres({ url: await postgresUrl(), clock: new VirtualClock() }))];
});
afterEach(async () => {
  for (const { database } of nodes) await database.close();
});

describe('two nodes on one PostgreSQL', () => {
  it('number the events and turns of a call without holes or repeats, whatever fails among them', async () => {
    await of(0).calls.create(aCall);
    const unstorable = {
      get n(): number {
        throw new Error('unreadable');
      },
    };
    const appending = upTo(120).map(async (n) => {
      const data = n % 5 === 0 ? unstorable : { n };
      return (
        await of(n)
          .calls.appendEvent('1', { type: 'x', atMs: n, data })
          .catch(() => undefined)
      )?.seq;
    });
    const turn = { role: 'user', text: 'x', startMs: 0, endMs: 1, interrupted: false, metrics: {} } as const;
    const adding = upTo(40).map((n) => of(n).calls.addTurn('1', turn));
    const seqs = (await Promise.all(appending)).filter((seq) => seq !== undefined);
    await Promise.all(adding);
    expect(seqs.sort((a, b) => a - b)).toEqual(upTo(96));
    expect((await of(0).calls.events('1')).map(({ seq }) => seq)).toEqual(upTo(96));
    expect(await of(0).calls.turns('1')).toHaveLength(40);
  });

  it('move a call once, with one event, whoever comes first', async () => {
    for (const round of upTo(20)) {
      await of(0).calls.create({ ...aCall, id: String(round), contextId: `c${round}` });
      const moves = upTo(10).map((n) => {
        const patch = { reason: `by ${n}` };
        return of(n).calls.transition(String(round), ['registered'], 'connected', patch, event(n));
      });
      const moved = (await Promise.all(moves)).flatMap((did, n) => (did ? [n + 1] : []));
      expect(moved).toHaveLength(1);
      expect((await of(0).calls.get('1', String(round)))?.reason).toBe(`by ${moved[0]}`);
      expect((await of(1).calls.events(String(round))).map(({ data }) => data)).toEqual([{ n: moved[0] }]);
    }
  });

  it('give one answer to a request that comes to both, and store its calls once', async () => {
    for (const round of upTo(20)) {
      const answers = await Promise.all(
        upTo(6).map((n) => {
          const id = String(round * 100 + n);
          const call = { ...aCall, id, contextId: id };
          return of(n).calls.createAll([call], {
            ...{ projectId: '1', key: `k${round}`, fingerprint: '' },
            answer: n,
            atMs: 1,
          });
        }),
      );
      const first = answers.indexOf(undefined) + 1;
      expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
      expect(new Set(answers.filter((answer) => answer !== undefined).map(({ answer }) => answer))).toEqual(
        new Set([first]),
      );
    }
    expect((await of(0).calls.list('1', {}, 200, null)).data).toHaveLength(20);
  });

  it('take each call out of the queue once, however often both look', async () => {
    const queued = upTo(60).map(
      (n) => ({ ...aCall, id: String(n), contextId: `c${n}`, state: 'queued', outbound: order }) as const,
    );
    await of(0).calls.createAll(queued);
    const taken: string[] = [];
    const work = async ({ calls }: Node) => {
      for (let due = await calls.due(1, 10, NOBODY); due.length > 0; due = await calls.due(1, 10, NOBODY)) {
        for (const { id } of due) if (await calls.transition(id, ['queued'], 'dialing', {})) taken.push(id);
      }
    };
    await Promise.all([work(of(0)), work(of(1)), work(of(0)), work(of(1))]);
    expect(taken.map(Number).sort((a, b) => a - b)).toEqual(upTo(60));
  });

  it('count each save of an assistant', async () => {
    const stores = nodes.map(({ database }) => createSqlAssistantStore(database));
    const config = assistantConfigSchema.parse({ name: 'a', greeting: 'Hi' });
    const deployment = phoneDeploymentSchema.parse({});
    await stores[0]!.create({
      ...{ id: '2', projectId: '1', version: 1, config, deployment },
      createdAtMs: 1,
      updatedAtMs: 1,
    });
    const saved = await Promise.all(upTo(30).map((n) => stores[n % 2]!.saveConfig('1', '2', config, n)));
    expect(saved.map((assistant) => assistant?.version).sort((a, b) => a! - b!)).toEqual(upTo(30).map((n) => n + 1));
  });

  it('make one project at a first start of both', async () => {
    const made = await Promise.all(
      upTo(10).map((n) => {
        const store = createSqlProjectStore(of(n).database);
        return store.ensureDefault({ id: String(n), name: 'p', createdAtMs: n });
      }),
    );
    expect(made.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  });
});

describe('the outbox of two nodes', () => {
  it('leaves no delivery without its turn, when events are written while others are delivered', async () => {
    await of(0).webhooks.create(aWebhook);
    for (const round of upTo(15)) {
      const id = String(round);
      await of(0).calls.create({ ...aCall, id, contextId: `c${round}` });
      const told: number[] = [];
      const deliver = async ({ webhooks }: Node): Promise<number> => {
        const due = await webhooks.due(1e9, 10, []);
        for (const { delivery } of due) {
          told.push(delivery.seq!);
          await webhooks.attempted(delivery.id, {
            ...{ state: 'delivered', status: 200, error: null },
            atMs: 1,
            nextAtMs: null,
          });
        }
        return due.length;
      };
      const appending = upTo(12).map((n) => of(n).calls.appendEvent(id, event(n)));
      const delivering = upTo(12).map(() => deliver(of(1)));
      await Promise.all([...appending, ...delivering]);
      while ((await deliver(of(0))) > 0);
      const { data } = await of(0).webhooks.deliveries('1', { callId: id }, 200, null);
      expect(data.filter(({ state }) => state !== 'delivered')).toEqual([]);
      // In turn, though some were told twice: both looked before either had written down what it did.
      expect([...new Set(told)]).toEqual(upTo(12));
    }
  });

  it('lets one node send a delivery, and another only when that one has had the time for it', async () => {
    await of(0).webhooks.create(aWebhook);
    for (const id of upTo(20).map(String)) await of(0).webhooks.addTest({ ...aTest, id });
    const claims = await Promise.all(upTo(80).map((n) => of(n).webhooks.claim(String((n % 20) + 1), 5, 100)));
    expect(claims.filter((claimed) => claimed)).toHaveLength(20);
    for (const { webhooks } of nodes) expect(await webhooks.due(99, 50, [])).toEqual([]);
    expect(await of(1).webhooks.due(100, 50, [])).toHaveLength(20);
    await of(0).webhooks.attempted('1', { state: 'delivered', status: 200, error: null, atMs: 6, nextAtMs: null });
    expect(await of(1).webhooks.claim('1', 100, 200)).toBe(false);
    expect(await of(1).webhooks.claim('2', 100, 200)).toBe(true);
  });

  it('writes every event while webhooks come and go', async () => {
    await of(0).calls.create(aCall);
    const appending = upTo(60).map((n) => of(n).calls.appendEvent('1', event(n)));
    const changing = upTo(20).map(async (n) => {
      await of(n).webhooks.create({ ...aWebhook, id: String(100 + n) });
      return await of(n + 1).webhooks.remove('1', String(100 + n));
    });
    expect(await Promise.all(changing)).toEqual(upTo(20).map(() => true));
    await Promise.all(appending);
    expect(await of(0).calls.events('1')).toHaveLength(60);
    expect((await of(0).webhooks.deliveries('1', {}, 200, null)).data).toEqual([]);
  });

  it('does not forget what is sent again at that moment', async () => {
    await of(0).webhooks.create(aWebhook);
    const dead: DeliveryAttempt = { state: 'dead', status: 500, error: null, atMs: 1, nextAtMs: null };
    for (const round of upTo(15)) {
      await of(0).webhooks.addTest({ ...aTest, id: String(round) });
      await of(0).webhooks.attempted(String(round), dead);
      const [isSentAgain] = await Promise.all([
        of(0).webhooks.resend('1', String(round), 1),
        of(1).webhooks.forgetDeliveries(100, 10),
      ]);
      const { data } = await of(0).webhooks.deliveries('1', {}, 200, null);
      expect(data.length).toBe(isSentAgain ? 1 : 0);
      await of(0).webhooks.forgetOf('1', '5', 10);
    }
  });
});

describe('two transactions that wait for one another', () => {
  it('are both done: the database ends one, and it is begun again', async () => {
    await of(0).calls.createAll(['1', '2'].map((id) => ({ ...aCall, id, contextId: id })));
    let both = 0;
    let release = () => {};
    const bothHold = new Promise<void>((resolve) => {
      release = resolve;
    });
    let attempts = 0;
    const lockBoth = ({ database }: Node, ids: readonly string[]) =>
      inTransaction(database.kysely, async (transaction) => {
        attempts++;
        for (const id of ids) {
          const update = transaction.updateTable('calls').set('turn_count', (eb) => eb('turn_count', '+', 1));
          await update.where('id', '=', toStoredId(id)).execute();
          if (++both === 2) release();
          await bothHold;
        }
      });
    await Promise.all([lockBoth(of(0), ['1', '2']), lockBoth(of(1), ['2', '1'])]);
    expect(attempts).toBeGreaterThan(2);
    const rows = await of(0).database.kysely.selectFrom('calls').select('turn_count').execute();
    expect(rows).toEqual([{ turn_count: 2 }, { turn_count: 2 }]);
  });

  it('see what was committed while they waited, whatever the database makes the default', async () => {
    const options = encodeURIComponent('-c default_transaction_isolation=serializable');
    const url = `${await postgresUrl()}?options=${options}`;
    const database = await openPostgres({ url, clock: new VirtualClock() });
    const shown = await sql<object>`show transaction_isolation`.execute(database.kysely);
    expect(shown.rows).toEqual([{ transaction_isolation: 'serializable' }]);
    const calls = createSqlCallStore(database, createIdSource(new VirtualClock()));
    await calls.create(aCall);
    const seqs = await Promise.all(upTo(30).map(async (n) => (await calls.appendEvent('1', event(n))).seq));
    expect(seqs.sort((a, b) => a - b)).toEqual(upTo(30));
    await database.close();
  });
});
