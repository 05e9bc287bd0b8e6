import { connectChanWebSocket } from '@rapida/chan-websocket';
import { systemClock } from '@rapida/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PrivateRedis } from '../support/real-parts/redis.js';
import { CALLER_HANGUP, request } from './support/api.js';
import { callOverAudioSocket, type Doors, stillTalks } from './support/caller.js';
import type { ServedProcess } from './support/command.js';
import { type Installation, openInstallation, seesNodes } from './support/installation.js';
import { patientAssistant, type ServerUnderTest, startServerUnderTest } from './support/server-under-test.js';

/** What a server may take to see that its Redis is back; the machine may be busy. */
const BACK_MS = 20_000;
/** Asterisk's dialplan waits for phase 1 with a caller on the line. */
const REFUSED_MS = 1_000;
/** The engines of a node load when its first call comes. */
const ENGINES_MS = 30_000;

describe('a server whose Redis is lost', () => {
  let redis: PrivateRedis;
  let server: ServerUnderTest;
  let doors: Doors;
  let assistantId: string;
  beforeAll(async () => {
    redis = await PrivateRedis.start();
    server = await startServerUnderTest({ environment: { REDIS_URL: redis.url } });
    doors = { url: server.url, audiosocketPort: server.server.audiosocketPort };
    assistantId = await patientAssistant(server.api);
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    await redis?.stop();
  });

  const register = () => request(server.url, `/v1/talk/asterisk/call/${assistantId}?from=1`, { key: server.api.key });
  /** What media over WebSocket is told. */
  async function refusal(contextId: string): Promise<{ readonly status: number | undefined; readonly code: string }> {
    const path = `/v1/talk/asterisk/ctx?contextId=${contextId}`;
    const client = connectChanWebSocket({ clock: systemClock, url: `${server.url.replace('http', 'ws')}${path}` });
    const outcome = await client.opened;
    if (outcome.ok || outcome.code !== 'refused') return expect.unreachable(`it was not refused: ${outcome.ok}`);
    const { status, body = '' } = outcome;
    return { status, code: (JSON.parse(body) as { readonly code: string }).code };
  }
  const ready = () => request(server.url, '/readyz');

  it.each([
    ['is killed', () => redis.killServer(), () => redis.startServer()],
    ['falls silent', async () => redis.pauseServer(), async () => redis.resumeServer()],
  ])(
    'goes on with its calls, refuses new ones within a second, and takes them again by itself: it %s',
    async (_how, lose, giveBack) => {
      const [staying, ending] = [
        await callOverAudioSocket(doors, await server.api.register(assistantId)),
        await callOverAudioSocket(doors, await server.api.register(assistantId)),
      ];
      for (const caller of [staying, ending]) {
        await server.api.ended(caller.contextId, { state: 'connected' });
        // Before there is a conversation nothing can be said into it.
        await vi.waitFor(() => expect(caller.voiced).toBeGreaterThan(0), { timeout: ENGINES_MS, interval: 20 });
      }
      await lose();
      // One after the other: while an answer is waited for, while the connection is given up, and without one.
      for (let n = 0; n < 5; n++) {
        const sinceMs = systemClock.nowMs();
        const answer = await register();
        expect(systemClock.nowMs() - sinceMs).toBeLessThan(REFUSED_MS);
        expect(answer.status, answer.text).toBe(503);
        expect(JSON.parse(answer.text)).toMatchObject({ code: 'store_failed' });
      }
      expect((await ready()).status).toBe(503);
      const { id } = await server.api.callOf(staying.contextId);
      await stillTalks(staying, () => server.api.send('POST', `/v1/calls/${id}/say`, { text: 'Still here.' }));
      ending.hangup();
      await server.api.ended(ending.contextId, { state: 'completed', reason: CALLER_HANGUP });

      await giveBack();
      const back = await vi.waitFor(
        async () => {
          const answer = await register();
          expect(answer.status).toBe(200);
          return answer;
        },
        { timeout: BACK_MS, interval: 50 },
      );
      const next = await callOverAudioSocket(doors, back.text);
      await server.api.ended(next.contextId, { state: 'connected' });
      await vi.waitFor(async () => expect((await ready()).status).toBe(200), { timeout: BACK_MS, interval: 100 });
      for (const caller of [staying, next]) {
        caller.hangup();
        await server.api.ended(caller.contextId, { state: 'completed', reason: CALLER_HANGUP });
      }
    },
    90_000,
  );

  it('says of a context that it cannot be looked up, and that it is unknown where Redis came back empty', async () => {
    const contextId = await server.api.register(assistantId);
    await redis.killServer();
    expect(await refusal(contextId)).toEqual({ status: 503, code: 'store_failed' });
    await redis.startServer();
    const unknown = { status: 404, code: 'context_unknown' };
    await vi.waitFor(async () => expect(await refusal(contextId)).toEqual(unknown), { timeout: BACK_MS });
    const caller = await callOverAudioSocket(doors, contextId);
    expect(await caller.ended).toBe('server_hangup');
    const refused = server.lines.filter(({ message }) => message === 'a media connection was refused');
    expect(refused.at(-1)?.fields).toMatchObject({ code: 'context_unknown', transport: 'audiosocket' });
  }, 60_000);
});

describe('nodes whose Redis comes back empty', () => {
  let redis: PrivateRedis;
  let installation: Installation;
  let [a, b] = [] as unknown as [ServedProcess, ServedProcess];
  let assistantId: string;
  beforeAll(async () => {
    redis = await PrivateRedis.start();
    installation = await openInstallation({ redisUrl: redis.url });
    a = await installation.node('a');
    b = await installation.node('b');
    assistantId = await patientAssistant(a.api);
  }, 120_000);
  afterAll(async () => {
    await installation?.remove();
    await redis?.stop();
  }, 30_000);

  it('know each other and who holds which call again, and close no call of one that was there all the time', async () => {
    const caller = await callOverAudioSocket(b, await a.api.register(assistantId));
    await vi.waitFor(() => expect(caller.voiced).toBeGreaterThan(0), { timeout: ENGINES_MS, interval: 50 });
    const { id } = await a.api.ended(caller.contextId, { state: 'connected' });
    await redis.killServer();
    const order = (what: string, body: object) =>
      request(a.url, `/v1/calls/${id}/${what}`, { method: 'POST', key: a.api.key, body: JSON.stringify(body) });
    expect((await order('say', { text: 'Who holds it?' })).status).toBe(503);
    await redis.startServer();
    await seesNodes(a.api, { a: 'up', b: 'up' }, BACK_MS);
    await vi.waitFor(async () => expect((await order('say', { text: 'There you are.' })).status).toBe(204), {
      timeout: BACK_MS,
      interval: 50,
    });
    await stillTalks(caller, () => order('say', { text: 'Still here.' }));
    expect(await a.api.callOf(caller.contextId)).toMatchObject({ state: 'connected' });
    expect((await order('hangup', {})).status).toBe(204);
    await a.api.ended(caller.contextId, { state: 'completed', reason: 'hangup_requested' });
  }, 120_000);
});
