import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasBecome, placeCall } from '../server/support/outbound.js';
import { startExample } from './support/example.js';
import { ANSWERS, startTelephoneSystem, type TelephoneSystem } from './support/telephone-system.js';

let system: TelephoneSystem;
beforeAll(async () => {
  system = await startTelephoneSystem();
});
afterAll(() => system.close());

function takePart(id: string, ...args: string[]) {
  return startExample({
    file: process.execPath,
    args: ['examples/typescript/dist/live-call.js', '--call', id, ...args],
    environment: { RAPIDA_URL: system.server.url, RAPIDA_API_KEY: system.key },
  }).finished;
}

async function liveCall(): Promise<string> {
  const { id } = await placeCall(system.server.api, { assistantId: system.assistantId, to: ANSWERS });
  await system.callee(id);
  return id;
}

it('says something into a live call, and ends it', async () => {
  const id = await liveCall();
  const { code, stdout, stderr } = await takePart(id, '--say', 'One moment, please.', '--hangup', 'now');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^it is being said\nit is being ended\ncompleted/);
  const { data } = await system.server.api.transcript(id);
  expect(data.map(({ text }) => text).join(' ')).toContain('One moment');
});

it('hands a live call on', async () => {
  const id = await liveCall();
  const { code, stdout } = await takePart(id, '--transfer', 'reception,s,1');
  expect([code, stdout]).toEqual([0, 'it goes on at reception,s,1\ncompleted: transfer\n']);
  await hasBecome(system.server.api, id, { state: 'completed', reason: 'transfer' });
});

it('says why it cannot', async () => {
  const id = await liveCall();
  expect(await takePart(id, '--transfer', 'elsewhere,s,1')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^live-call: .*\(transfer_not_allowed\)\n$/),
  });
  expect(await takePart('1', '--say', 'Hello?')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('(call_not_found)'),
  });
});
