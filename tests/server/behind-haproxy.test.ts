import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { request } from './support/api.js';
import { type NodeIndex, SEEN_MS, TwoNodes } from './support/behind-haproxy.js';
import type { Caller } from './support/caller.js';
import { runCommand } from './support/command.js';

const TEST_MS = 120_000;
/** More than HAProxy would ever give to the other node alone. */
const CALLS_MAX = 24;

let two: TwoNodes;
beforeAll(async () => {
  two = await TwoNodes.start();
}, TEST_MS);
afterAll(() => two?.stop());

describe('two nodes behind HAProxy', () => {
  it(
    'share the calls, over AudioSocket and over WebSocket, whichever of them registered them',
    async () => {
      const callers = await two.fourCalls();
      expect([await two.liveCallsOn(0), await two.liveCallsOn(1)]).toEqual([2, 2]);
      await two.stillTalks(callers);
      await two.hangUp(callers);
    },
    TEST_MS,
  );

  it.each(['audiosocket', 'websocket'])(
    'hold a conversation with `rapida call` by %s',
    async (transport) => {
      const environment = {
        RAPIDA_URL: two.haproxy.url,
        RAPIDA_API_KEY: two.api.key,
        AUDIOSOCKET__PORT: String(two.haproxy.audiosocketPort),
      };
      const whom = ['call', '--assistant', 'Front desk', '--transport', transport];
      const argv = [...whom, '--say', 'thank you goodbye', '--json'];
      const { code, stdout, stderr } = await runCommand(argv, { folder: tmpdir(), environment });
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain('thank you goodbye');
    },
    TEST_MS,
  );

  it('show one dashboard, with one session at both of them', async () => {
    const { haproxy, api } = two;
    const page = await request(haproxy.url, '/calls', { headers: { accept: 'text/html' } });
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('<base href="/" />')]);
    const body = JSON.stringify({ apiKey: api.key });
    const origin = haproxy.url;
    const signedIn = await request(haproxy.url, '/v1/session', { method: 'POST', headers: { origin }, body });
    expect(signedIn.status, signedIn.text).toBe(200);
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
    const statusAt = async (url: string) => (await request(url, '/v1/api-keys', { headers: { cookie } })).status;
    const everywhere = async () => Promise.all([haproxy.url, two.node(0).url, two.node(1).url].map(statusAt));
    expect(await everywhere()).toEqual([200, 200, 200]);
    const signOut = { method: 'DELETE', headers: { origin, cookie, 'x-rapida-csrf': '1' } };
    expect((await request(haproxy.url, '/v1/session', signOut)).status).toBe(204);
    expect(await everywhere()).toEqual([401, 401, 401]);
  });

  it('keep what speaks of one node, keys and ids of contexts to themselves', async () => {
    const { haproxy, api, assistantId } = two;
    for (const path of ['/metrics', '/readyz', '/healthz']) {
      expect((await request(haproxy.url, path)).status, path).toBe(404);
    }
    const registering = `/v1/talk/asterisk/call/${assistantId}`;
    const { text: contextId } = await request(haproxy.url, `${registering}?from=1&x-api-key=${api.key}`);
    await request(haproxy.url, `/v1/talk/asterisk/ctx/${contextId}/next`);
    await two.seenByHaproxy(/GET \/v1\/talk\/asterisk\/ctx\/-\/next/);
    expect(haproxy.output.log).toContain(`GET ${registering}\n`);
    expect(haproxy.output.log).not.toContain(contextId);
    expect(haproxy.output.log).not.toContain(api.key);
  });
});

/** Calls one after the other, as long as it runs: each is registered, connected and ended by its caller. */
class Traffic {
  readonly failed: unknown[] = [];
  made = 0;
  readonly #done: Promise<void>;
  #stopped = false;

  constructor(call: () => Promise<Caller>) {
    this.#done = this.#run(call);
  }

  /** Resolves when the last of them is on record. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  async #run(call: () => Promise<Caller>): Promise<void> {
    while (!this.#stopped) {
      try {
        await two.hangUp([await call()]);
        this.made++;
      } catch (error) {
        this.failed.push(error);
      }
    }
  }
}

describe('a rolling restart of both nodes behind HAProxy', () => {
  /** Calls of which two at least are held by this node: which one HAProxy takes depends on the others that come meanwhile. */
  async function callsAlsoOn(index: NodeIndex): Promise<readonly Caller[]> {
    const calls = [...(await two.fourCalls())];
    while ((await two.liveCallsOn(index)) < 2 && calls.length < CALLS_MAX) calls.push(...(await two.fourCalls()));
    expect(await two.liveCallsOn(index)).toBeGreaterThanOrEqual(2);
    return calls;
  }

  /** Drains a node with calls that go on, and starts it again when they are over. */
  async function restart(index: NodeIndex): Promise<void> {
    const running = await callsAlsoOn(index);
    const node = two.node(index);
    const { written } = two.haproxy.output;
    node.child.kill('SIGTERM');
    await two.seenByHaproxy(new RegExp(`audiosocket-ready/node-${index + 1} is DOWN`), written);
    const newcomers = await two.fourCalls();
    await two.stillTalks(running);
    expect(node.child.exitCode).toBeNull();
    await two.hangUp([...running, ...newcomers]);
    expect(await node.finished).toMatchObject({ code: 0, signal: null });
    await two.startAgain(index);
    const hasCalls = async () => expect(await two.liveCallsOn(index)).toBeGreaterThan(0);
    await vi.waitFor(hasCalls, { timeout: SEEN_MS, interval: 5 });
  }

  it(
    'cuts no call, refuses none, and lets those that run go on where they are',
    async () => {
      const traffic = [new Traffic(() => two.call('audiosocket')), new Traffic(() => two.call('websocket'))];
      await restart(0);
      await restart(1);
      for (const one of traffic) await one.stop();
      expect(traffic.flatMap(({ failed }) => failed)).toEqual([]);
      for (const { made } of traffic) expect(made).toBeGreaterThan(10);
    },
    TEST_MS,
  );
});

describe('two nodes behind HAProxy that both drain', () => {
  it(
    'refuse new calls with a moment to come back at, and take the sound of those that were registered before',
    async () => {
      const running = await two.fourCalls();
      const registered = [await two.register(), await two.register()] as const;
      const { written } = two.haproxy.output;
      for (const index of [0, 1] as const) two.node(index).child.kill('SIGTERM');
      for (const backend of ['http', 'audiosocket']) {
        await two.seenByHaproxy(new RegExp(`${backend}-ready/node-. is DOWN.* 0 active and 2 backup`), written);
      }
      const path = `/v1/talk/asterisk/call/${two.assistantId}?from=1`;
      const refused = await request(two.haproxy.url, path, { key: two.api.key });
      expect([refused.status, refused.headers.get('x-rapida-error')]).toEqual([503, 'draining']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);

      const late = [await two.connect('audiosocket', registered[0]), await two.connect('websocket', registered[1])];
      for (const caller of [...running, ...late]) {
        expect(caller.over).toBeUndefined();
        caller.hangup();
      }
      for (const index of [0, 1] as const) expect(await two.node(index).finished).toMatchObject({ code: 0 });
    },
    TEST_MS,
  );
});
