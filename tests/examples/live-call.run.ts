import { afterAll, beforeAll, expect, it, vi } from 'vitest';
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
  expect(await takePart(id, '--say', 'One moment, please.')).toEqual({
    code: 0,
    stdout: 'it will be said\n',
    stderr: '',
  });
  await vi.waitFor(
    async () => {
      const { data } = await system.server.api.transcript(id);
      expect(data.map(({ text }) => text).join(' ')).toContain('One moment, please.');
    },
    { timeout: 20_000 },
  );
  const { code, stdout } = await takePart(id, '--hangup', 'now');
  expect([code, stdout]).toEqual([0, 'completed: hangup_requested\n']);
});

it('hands a live call on', async () => {
  const id = await liveCall();
  const { code, stdout } = await takePart(id, '--transfer', 'reception,s,1');
  expect([code, stdout]).toEqual([0, 'completed: transfer_requested\n']);
  await hasBecome(system.server.api, id, { state: 'completed', reason: 'transfer_requested' });
});

it('says that nothing was asked for, and how it is used', async () => {
  const { code, stderr } = await takePart('1');
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^missing: --say, --transfer or --hangup\n\nTakes part/)]);
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
