import { randomBytes } from 'node:crypto';
import { PrivatePostgres } from '../../support/real-parts/postgresql.js';
import { PrivateRedis } from '../../support/real-parts/redis.js';
import { makeAssistant } from '../assistant.js';
import { targetOf } from '../dialplan.js';
import type { Lab } from '../lab.js';
import type { CallJson, EventJson, NodeJson } from '../server-json.js';
import type { ServerUnderTest } from '../server-under-test.js';
import { TestCall } from '../test-call.js';
import { assert, poll } from '../wait.js';
import { type Reach, reachedBy } from './cluster-configuration.js';
import { startTcpRelay, type TcpRelay } from './tcp-relay.js';

const NODES = 3;
const PAGE = 100;
const NOBODY = 'nobody';
/** Everything that the case called for is over; the machine may be busy. */
const QUIET_MS_MAX = 15_000;

export interface ClusterOptions {
  /** Stands between the first node and what the nodes have in common. */
  readonly firstNodeIsApart?: true;
}

/** Three nodes over a PostgreSQL and a Redis of their own, and an Asterisk that knows all of them. */
export class Cluster {
  readonly postgres: PrivatePostgres;
  readonly redis: PrivateRedis;
  readonly nodes: readonly ServerUnderTest[];
  readonly assistantId: string;
  /** Of the first node, where that is apart: to PostgreSQL and to Redis. */
  readonly relays: readonly TcpRelay[];

  private constructor(parts: Pick<Cluster, 'postgres' | 'redis' | 'nodes' | 'assistantId' | 'relays'>) {
    this.postgres = parts.postgres;
    this.redis = parts.redis;
    this.nodes = parts.nodes;
    this.assistantId = parts.assistantId;
    this.relays = parts.relays;
  }

  static async start(lab: Lab, { firstNodeIsApart }: ClusterOptions = {}): Promise<Cluster> {
    const postgres = await PrivatePostgres.start();
    lab.stopLater(() => postgres.stop());
    const redis = await PrivateRedis.start();
    lab.stopLater(() => redis.stop());
    const relays = firstNodeIsApart ? await Promise.all([postgres, redis].map(({ url }) => relayTo(lab, url))) : [];
    const vaultKey = randomBytes(32).toString('base64');
    const settingsOf = (index: number, [database, shared]: readonly (TcpRelay | undefined)[] = []) => ({
      DATABASE_URL: database?.url ?? postgres.url,
      REDIS_URL: shared?.url ?? redis.url,
      NODE__ID: `n${index + 1}`,
      VAULT__KEY: vaultKey,
      WEBHOOKS__ALLOW_PRIVATE: 'true',
    });
    // The first one makes the keys of all.
    const first = await lab.server({ settings: settingsOf(0, relays) });
    const others = Array.from({ length: NODES - 1 }, (_, index) =>
      lab.server({ settings: settingsOf(index + 1), keysOf: first }),
    );
    const nodes = [first, ...(await Promise.all(others))];
    return new Cluster({ postgres, redis, nodes, relays, assistantId: await makeAssistant(first) });
  }

  /** An Asterisk that reaches the nodes, and how its phone calls them. */
  async exchange(lab: Lab) {
    const targets = this.nodes.map((node) => targetOf(node, this.assistantId));
    const { asterisk, phone } = await lab.exchange(reachedBy(targets));
    const parts = { server: this.witness, asterisk, phone, voice: lab.voice, codec: 'PCMU' } as const;
    return { asterisk, phone, dial: (reach: Reach) => TestCall.dial(parts, reach) };
  }

  /** By the number in its name: the first is 1. */
  node(number: number): ServerUnderTest {
    const node = this.nodes[number - 1];
    assert(node !== undefined, `there is no node ${number}`);
    return node;
  }

  /** The one that is asked what all of them know: no case disturbs it when it is. */
  get witness(): ServerUnderTest {
    return this.node(2);
  }

  /** What a dialplan gets that registers a call at a node: the status, 0 where there is no answer. Nobody comes with its sound. */
  async register(node: ServerUnderTest): Promise<number> {
    const path = `/v1/talk/asterisk/call/${this.assistantId}?from=${NOBODY}`;
    return node.request('GET', path).then(
      ({ status }) => status,
      () => 0,
    );
  }

  /** Every call of a phone that is on record. */
  async calls(): Promise<CallJson[]> {
    const all: CallJson[] = [];
    let cursor = '';
    do {
      const path = `/v1/calls?limit=${PAGE}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      const page = await this.witness.send<{ data: CallJson[]; nextCursor: string | null }>('GET', path);
      all.push(...page.data.filter(({ from }) => from !== NOBODY));
      cursor = page.nextCursor ?? '';
    } while (cursor !== '');
    return all;
  }

  /** When none of them is open any more. */
  async endedCalls(): Promise<CallJson[]> {
    let open = 0;
    const ended = poll('every call has ended in the record', QUIET_MS_MAX, async () => {
      const all = await this.calls();
      open = all.filter(({ endedAt }) => endedAt === null).length;
      return open === 0 ? all : undefined;
    });
    return ended.catch((error: unknown) => {
      throw new Error(`${String(error)}: ${open} are open`);
    });
  }

  /** State of each node by its name. */
  async states(): Promise<Record<string, string>> {
    const { data } = await this.witness.send<{ data: NodeJson[] }>('GET', '/v1/nodes');
    return Object.fromEntries(data.map(({ id, state }) => [id, state]));
  }

  /** Calls with media, of every node that answers. */
  async liveCalls(): Promise<number[]> {
    return Promise.all(this.nodes.map((node) => node.metric('rapida_calls_live').catch(() => 0)));
  }

  /** Events of a call have no holes and are there once. */
  async numberedEvents(id: string): Promise<EventJson[]> {
    const events = await this.witness.events(id);
    events.forEach(({ seq }, index) => {
      assert(seq === index + 1, `event ${index + 1} of call ${id} has the number ${seq}`);
    });
    return events;
  }
}

async function relayTo(lab: Lab, url: string): Promise<TcpRelay> {
  const relay = await startTcpRelay(url);
  lab.stopLater(() => relay.close());
  return relay;
}
