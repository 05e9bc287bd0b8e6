import { afterEach, describe, expect, it } from 'vitest';
import { type AsteriskUnderTest, openAsterisk, startAsterisk } from '../testing/asterisk-under-test.js';

let asterisk: AsteriskUnderTest;

afterEach(async () => {
  expect(await asterisk.close()).toEqual({ timers: 0, errors: [] });
});

const numbers = (count: number): string[] => Array.from({ length: count }, (_, n) => `+1555000${1_000 + n}`);

describe('calls that wait', () => {
  it('are dialled in the order in which they were placed', async () => {
    asterisk = await openAsterisk({ callsPerSecond: 4 });
    const placed = numbers(12);
    for (const number of placed) await asterisk.place(number);
    await asterisk.harness.start();
    await asterisk.pass(6_000);
    expect(asterisk.dialled()).toEqual(placed);
  });

  it('keep the order of each assistant where one of them has to wait', async () => {
    asterisk = await openAsterisk({ deployment: { limits: { concurrentCalls: 1 } } });
    await asterisk.assistant('43');
    const [first = '', second = '', third = '', fourth = ''] = numbers(4);
    for (const number of [first, second, third, fourth])
      asterisk.fake.phone(number, { outcome: 'busy', afterMs: 2_000 });
    await asterisk.place(first);
    await asterisk.place(second);
    await asterisk.place(third, { assistantId: '43' });
    await asterisk.place(fourth, { assistantId: '43' });
    await asterisk.harness.start();
    await asterisk.pass(1_500);
    expect(asterisk.dialled()).toEqual([first, third, fourth]);
    await asterisk.pass(3_000);
    expect(asterisk.dialled()).toEqual([first, third, fourth, second]);
  });

  it('are not dialled before their time, and then at once', async () => {
    asterisk = await startAsterisk();
    const notBefore = new Date(asterisk.harness.clock.wallMs() + 3_600_000).toISOString();
    const [late = '', soon = ''] = numbers(2);
    await asterisk.place(late, { options: { notBefore } });
    await asterisk.place(soon);
    await asterisk.pass(10_000);
    expect(asterisk.dialled()).toEqual([soon]);
    await asterisk.harness.clock.advance(3_580_000);
    expect(asterisk.dialled()).toEqual([soon]);
    await asterisk.pass(12_000);
    expect(asterisk.dialled()).toEqual([soon, late]);
  });

  it('wait on over a restart of the server', async () => {
    asterisk = await openAsterisk();
    const placed = await asterisk.place();
    const next = asterisk.harness.restarted();
    await next.prepare();
    expect(await asterisk.call(placed)).toMatchObject({ state: 'queued' });
    await next.start();
    await asterisk.pass(1_000);
    expect(asterisk.dialled()).toEqual(['+15557654321']);
    expect((await asterisk.call(placed)).state).toMatch(/^(ringing|answered|connected)$/);
  });

  it('fail with what is wrong where they cannot be dialled any more, and do not hold up the others', async () => {
    asterisk = await openAsterisk();
    await asterisk.assistant('43');
    await asterisk.assistant('44');
    const gone = await asterisk.place('+15550000001', { assistantId: '43' });
    const bare = await asterisk.place('+15550000002', { assistantId: '44' });
    const good = await asterisk.place('+15550000003');
    await asterisk.harness.stores.assistants.remove('1', '43');
    await asterisk.deploy({ credentialId: null }, '44');
    await asterisk.harness.start();
    await asterisk.pass(1_000);
    expect(await asterisk.reaches(gone, 'failed')).toMatchObject({ reason: 'assistant_not_found' });
    expect(await asterisk.reaches(bare, 'failed')).toMatchObject({ reason: 'deployment_incomplete' });
    await asterisk.reaches(good, 'connected');
  });
});
