import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Api, request } from './support/api.js';
import { callOverAudioSocket } from './support/caller.js';
import type { ServedProcess } from './support/command.js';
import { type Installation, openInstallation } from './support/installation.js';

const CALLS_MAX = 3;
/** From the death of a node until its places are free. */
const FREE_MS = 15_000;

let installation: Installation;
let [a, b] = [] as unknown as [ServedProcess, ServedProcess];
beforeAll(async () => {
  installation = await openInstallation({ environment: { LIMITS__MAX_CALLS: String(CALLS_MAX) } });
  a = await installation.node('a');
  b = await installation.node('b');
}, 120_000);
afterAll(() => installation?.remove(), 30_000);

async function assistantWith(api: Api, name: string, concurrentCalls: number | null): Promise<string> {
  const config = { name, greeting: 'Hello.', silence: { promptAfterMs: 120_000 } };
  const { id } = await api.send<{ id: string }>('POST', '/v1/assistants', config);
  await api.send('PUT', `/v1/assistants/${id}/phone-deployment`, { enabled: true, limits: { concurrentCalls } });
  return id;
}

const register = (node: ServedProcess, assistantId: string) =>
  request(node.url, `/v1/talk/asterisk/call/${assistantId}?from=1`, { key: node.api.key });
const talks = async (node: ServedProcess, contextId: string) => {
  const caller = await callOverAudioSocket(node, contextId);
  await a.api.ended(contextId, { state: 'connected' });
  return caller;
};

describe('the limits of an installation of two nodes', () => {
  it('count a call once, wherever it was let in and has its media, and free its place when it has ended', async () => {
    const assistantId = await assistantWith(a.api, 'two', 2);
    const first = await talks(b, (await register(a, assistantId)).text);
    const second = await talks(a, (await register(a, assistantId)).text);
    for (const node of [a, b]) {
      const refused = await register(node, assistantId);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
      expect(JSON.parse(refused.text)).toMatchObject({ code: 'at_capacity' });
    }
    first.hangup();
    await a.api.ended(first.contextId, { state: 'completed' });
    let third = await register(b, assistantId);
    await vi.waitFor(async () => {
      if (third.status !== 200) third = await register(b, assistantId);
      expect(third.status).toBe(200);
    });
    expect((await register(a, assistantId)).status).toBe(503);
    second.hangup();
    (await talks(a, third.text)).hangup();
    await a.api.ended(second.contextId, { state: 'completed' });
    await a.api.ended(third.text, { state: 'completed' });
  }, 60_000);

  it('hold for all assistants together, and free the places of a node that died', async () => {
    const assistantId = await assistantWith(a.api, 'all', null);
    const c = await installation.node('c');
    await talks(c, (await register(a, assistantId)).text);
    expect((await register(c, assistantId)).status).toBe(200);
    const kept = await talks(b, (await register(c, assistantId)).text);
    expect((await register(a, assistantId)).status).toBe(503);
    c.child.kill('SIGKILL');
    await c.finished;
    await vi.waitFor(async () => expect((await register(b, assistantId)).status).toBe(200), {
      timeout: FREE_MS,
      interval: 100,
    });
    // One more was free, and the call that had its media elsewhere has kept its place.
    expect((await register(a, assistantId)).status).toBe(200);
    expect((await register(a, assistantId)).status).toBe(503);
    expect(kept.over).toBeUndefined();
    kept.hangup();
  }, 90_000);
});
