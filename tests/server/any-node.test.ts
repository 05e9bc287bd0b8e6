import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CALLER_HANGUP, type CallJson, request } from './support/api.js';
import { type Caller, callOverAudioSocket, callOverWebSocket, stillTalks } from './support/caller.js';
import type { ServedProcess } from './support/command.js';
import { type EventStream, openEventStream } from './support/event-stream.js';
import { type Installation, openInstallation, seesNodes } from './support/installation.js';

/** The engines of each node load when its first call comes; the machine may be busy. */
const ENGINES_MS = 30_000;
/** From the death of a node until the others have closed its calls. */
const CLOSED_MS = 15_000;
const TARGET = 'sales,100,1';

let installation: Installation;
let [a, b, c, d] = [] as unknown as [ServedProcess, ServedProcess, ServedProcess, ServedProcess];
let assistantId: string;
beforeAll(async () => {
  installation = await openInstallation();
  a = await installation.node('a');
  [b, c, d] = await Promise.all([installation.node('b'), installation.node('c'), installation.node('d')]);
  const config = { name: 'patient', greeting: 'Hello.', silence: { promptAfterMs: 120_000 } };
  assistantId = (await a.api.send<{ id: string }>('POST', '/v1/assistants', config)).id;
  await a.api.send('PUT', `/v1/assistants/${assistantId}/phone-deployment`, {
    enabled: true,
    transferTargets: [TARGET],
  });
}, 150_000);
afterAll(() => installation?.remove(), 30_000);

const transports = [
  ['AudioSocket', callOverAudioSocket],
  ['WebSocket', callOverWebSocket],
] as const;

/** Registered at one node, its media at another; the greeting is heard. */
async function call(connect: (doors: ServedProcess, contextId: string) => Promise<Caller>, at = b): Promise<Caller> {
  const caller = await connect(at, await a.api.register(assistantId));
  await vi.waitFor(() => expect(caller.voiced).toBeGreaterThan(0), { timeout: ENGINES_MS, interval: 50 });
  await a.api.ended(caller.contextId, { state: 'connected' });
  return caller;
}

const report = (node: ServedProcess, contextId: string, type: string) =>
  request(node.url, `/v1/talk/asterisk/ctx/${contextId}/event?type=${type}`, { key: node.api.key });
const next = (node: ServedProcess, contextId: string) =>
  request(node.url, `/v1/talk/asterisk/ctx/${contextId}/next`, { key: node.api.key });
const order = (node: ServedProcess, { id }: CallJson, what: string, body: object = {}) =>
  request(node.url, `/v1/calls/${id}/${what}`, { method: 'POST', key: node.api.key, body: JSON.stringify(body) });

describe.each(transports)(
  'a call over %s that was registered at one node and has its media at another',
  (_, connect) => {
    it('is talked with, reported of, steered and followed at any other one, and ends once', async () => {
      const caller = await call(connect);
      const { contextId } = caller;
      const record = await c.api.callOf(contextId);
      const stream: EventStream = await openEventStream(d.api, `?callId=${record.id}`);
      await stillTalks(caller, () => order(c, record, 'say', { text: 'One moment please.' }));
      expect((await report(c, contextId, 'my_event')).status).toBe(201);
      // What the dialplan says of the channel does not overrule media that is connected, at whatever node.
      expect((await report(c, contextId, 'ChannelDestroyed')).status).toBe(201);
      await stillTalks(caller, () => order(d, record, 'say', { text: 'Still here.' }));

      expect((await order(d, record, 'hangup')).status).toBe(204);
      await caller.ended;
      const ended = await a.api.ended(contextId, { state: 'completed' });
      expect(ended).toMatchObject({ disconnectedBy: 'system', reason: 'hangup_requested' });
      await vi.waitFor(() => expect(stream.over).toBe('ended'), { timeout: 5_000, interval: 20 });
      expect(stream.types.filter((type) => type === 'call.connected')).toHaveLength(1);
      expect(stream.types.filter((type) => type === 'call.ended')).toHaveLength(1);
      expect(stream.types).toContain('my_event');
      expect(await next(c, contextId)).toMatchObject({ status: 200, text: 'hangup' });
      expect((await order(c, record, 'say', { text: 'Too late.' })).status).toBe(409);
    }, 60_000);

    it('is transferred by an order at one node and a question of the dialplan at another', async () => {
      const caller = await call(connect, c);
      const record = await a.api.callOf(caller.contextId);
      expect((await order(a, record, 'transfer', { target: TARGET })).status).toBe(204);
      await caller.ended;
      expect((await next(d, caller.contextId)).text).toBe(`goto:${TARGET}`);
      await a.api.ended(caller.contextId, { state: 'completed' });
      const types = async () =>
        (await b.api.get<{ data: { type: string }[] }>(`/v1/calls/${record.id}/events`)).data.map(({ type }) => type);
      await vi.waitFor(async () => expect(await types()).toContain('call.transferred'), { timeout: 5_000 });
      expect((await types()).filter((type) => type.startsWith('call.transfer'))).toEqual(['call.transferred']);
    }, 60_000);

    it('is hung up by its caller, which every node then knows', async () => {
      const caller = await call(connect, d);
      caller.hangup();
      expect(await a.api.ended(caller.contextId, { state: 'completed' })).toMatchObject({
        disconnectedBy: 'user',
        reason: CALLER_HANGUP,
      });
    }, 60_000);
  },
);

describe('a node that dies', () => {
  it('is missed by the others, which say that it is gone and then close its calls', async () => {
    const e = await installation.node('e');
    const [talking, waiting] = [await call(callOverAudioSocket, e), await e.api.register(assistantId)];
    const record = await a.api.callOf(talking.contextId);
    const seen = await seesNodes(c.api, { a: 'up', b: 'up', c: 'up', d: 'up', e: 'up' });
    expect(seen.find(({ id }) => id === 'e')).toMatchObject({ lateFrames: expect.any(Number) });
    const diedAtMs = performance.now();
    e.child.kill('SIGKILL');
    await e.finished;
    expect(JSON.parse((await order(a, record, 'say', { text: 'Hello?' })).text)).toMatchObject({ code: 'node_gone' });
    const closed = { state: 'failed', disconnectedBy: 'system', reason: 'node_lost' } as const;
    await a.api.ended(talking.contextId, closed, CLOSED_MS);
    await b.api.ended(waiting, { state: 'expired', reason: 'node_lost' }, CLOSED_MS);
    expect(performance.now() - diedAtMs).toBeLessThan(CLOSED_MS);
    await seesNodes(d.api, { a: 'up', b: 'up', c: 'up', d: 'up' });
    expect(JSON.parse((await order(a, record, 'say', { text: 'Hello?' })).text)).toMatchObject({ code: 'call_ended' });
    // Nobody is let in for a call that was closed.
    const late = await callOverAudioSocket(b, waiting);
    await late.ended;
  }, 90_000);
});
