import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { placeCall } from '../server/support/outbound.js';
import { type RunningExample, startExample } from './support/example.js';
import { BUSY, startTelephoneSystem, type TelephoneSystem } from './support/telephone-system.js';

let system: TelephoneSystem;
beforeAll(async () => {
  system = await startTelephoneSystem();
});
afterAll(() => system.close());

async function receiver(secret: string, port: string): Promise<RunningExample & { readonly port: string }> {
  const running = startExample({
    file: process.execPath,
    args: ['examples/typescript/dist/receive-webhooks.js', '--port', port],
    environment: { RAPIDA_WEBHOOK_SECRET: secret },
  });
  const listening = await vi.waitFor(
    () => {
      const found = /^listening on port ([0-9]+)$/.exec(running.lines()[0] ?? '')?.[1];
      expect(found).toBeDefined();
      return found as string;
    },
    { timeout: 10_000 },
  );
  return { ...running, port: listening };
}

it('believes what the server signs, and nothing else', async () => {
  const { api } = system.server;
  // The secret is made with the webhook, and the webhook needs the port: a first receiver finds a free one.
  const first = await receiver('whsec_AAAA', '0');
  const address = `http://127.0.0.1:${first.port}/`;
  const { id, secret } = await api.send<{ id: string; secret: string }>('POST', '/v1/webhooks', { url: address });
  first.child.kill('SIGTERM');
  await first.finished;
  const { lines, child, finished } = await receiver(secret, first.port);

  await api.send('POST', `/v1/webhooks/${id}/test`, {});
  await vi.waitFor(() => expect(lines()).toContain('test'), { timeout: 20_000 });
  const call = await placeCall(api, { assistantId: system.assistantId, to: BUSY });
  await vi.waitFor(() => expect(lines().at(-1)).toBe(`call.failed of call ${call.id}, which is busy`), {
    timeout: 20_000,
  });
  const forged = await fetch(address, { method: 'POST', body: '{"id":"1","type":"test"}' });
  expect(forged.status).toBe(401);
  child.kill('SIGTERM');
  const { stderr } = await finished;
  expect(stderr).toMatch(/^refused: .*\(signature_missing\)\n$/);
});
