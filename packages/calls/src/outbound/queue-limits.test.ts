import { afterEach, describe, expect, it } from 'vitest';
import {
  type AsteriskUnderTest,
  openAsterisk,
  startAsterisk,
  type UnderTestOptions,
} from '../testing/asterisk-under-test.js';
import { ASSISTANT, INBOUND } from '../testing/harness.js';

let asterisk: AsteriskUnderTest;

async function start(options: UnderTestOptions): Promise<AsteriskUnderTest> {
  asterisk = await startAsterisk(options);
  return asterisk;
}

afterEach(async () => {
  expect(await asterisk.close()).toEqual({ timers: 0, errors: [] });
});

const NUMBERS = ['+15550000001', '+15550000002', '+15550000003'];

async function states(calls: readonly { readonly id: string }[]): Promise<string[]> {
  return Promise.all(calls.map(async (call) => (await asterisk.call(call)).state));
}

describe('calls at once', () => {
  it('of an assistant are as many as its deployment allows', async () => {
    await start({ deployment: { limits: { concurrentCalls: 1 } } });
    const [first, second] = [await asterisk.place(NUMBERS[0]), await asterisk.place(NUMBERS[1])];
    await asterisk.pass(5_000);
    expect(await states([first, second])).toEqual(['connected', 'queued']);
    (await asterisk.talk(first)).conversation.end({ by: 'assistant', reason: 'done', failed: false });
    await asterisk.pass(1_000);
    await asterisk.reaches(second, 'connected');
  });

  it('of an assistant are counted with those that came in', async () => {
    await start({ deployment: { limits: { concurrentCalls: 1 } } });
    await asterisk.harness.useCases.registerInbound(INBOUND);
    const placed = await asterisk.place();
    await asterisk.pass(5_000);
    expect(await states([placed])).toEqual(['queued']);
  });

  it('that one assistant may not have yet do not hold up those of another', async () => {
    await start({ deployment: { limits: { concurrentCalls: 1 } } });
    await asterisk.assistant('43');
    const own = [await asterisk.place(NUMBERS[0]), await asterisk.place(NUMBERS[1])];
    const other = await asterisk.place(NUMBERS[2], { assistantId: '43' });
    await asterisk.pass(5_000);
    expect(await states([...own, other])).toEqual(['connected', 'queued', 'connected']);
  });

  it('of a project are as many as the server allows', async () => {
    await start({ outboundCallsMax: 2 });
    const placed = [];
    for (const number of NUMBERS) placed.push(await asterisk.place(number));
    await asterisk.pass(5_000);
    expect(await states(placed)).toEqual(['connected', 'connected', 'queued']);
    (await asterisk.talk(placed[0]!)).conversation.end({ by: 'assistant', reason: 'done', failed: false });
    await asterisk.pass(1_000);
    await asterisk.reaches(placed[2]!, 'connected');
  });

  it('of a project are no more either where they are dialled through several Asterisks', async () => {
    asterisk = await openAsterisk({ outboundCallsMax: 1 });
    const credentialId = await asterisk.credential('Second');
    await asterisk.assistant('43', { credentialId, options: { app: 'second' } });
    const placed = [await asterisk.place(NUMBERS[0]), await asterisk.place(NUMBERS[1], { assistantId: '43' })];
    await asterisk.harness.start();
    await asterisk.pass(5_000);
    expect(asterisk.originates()).toHaveLength(1);
    expect((await states(placed)).sort()).toEqual(['connected', 'queued']);
  });

  it('are as many as the process takes, and the place of one that was never answered is given back', async () => {
    const { fake } = await start({ callsMax: 1 });
    fake.phone(NUMBERS[0]!, { outcome: 'busy', afterMs: 3_000 });
    const [first, second] = [await asterisk.place(NUMBERS[0]), await asterisk.place(NUMBERS[1])];
    await asterisk.pass(2_000);
    expect(await states([first, second])).toEqual(['ringing', 'queued']);
    await asterisk.pass(3_000);
    expect(await states([first, second])).toEqual(['busy', 'connected']);
  });

  it('are counted right where an attempt is still being cleared away while the next one rings', async () => {
    const { fake } = await start({ mode: 'stasis', callsMax: 2 });
    fake.phone(NUMBERS[0]!, { outcome: 'busy' });
    fake.fail({ method: 'DELETE', path: /-1-media$/, times: 4 }, { status: 500, body: {} });
    const retried = await asterisk.place(NUMBERS[0], { options: { attempts: 2, retryAfterSeconds: 1 } });
    await asterisk.pass(500);
    expect(await states([retried])).toEqual(['queued']);
    fake.phone(NUMBERS[0]!, { outcome: 'answer' });
    await asterisk.pass(10_000);
    expect(asterisk.requests('DELETE', '/channels')).toHaveLength(4);
    const others = [await asterisk.place(NUMBERS[1]), await asterisk.place(NUMBERS[2])];
    await asterisk.pass(5_000);
    expect(await states([retried, ...others])).toEqual(['connected', 'connected', 'queued']);
  });
});

describe('calls of one Asterisk', () => {
  it('are begun no faster than its credential says', async () => {
    await start({ callsPerSecond: 2 });
    for (const number of NUMBERS) await asterisk.place(number);
    await asterisk.pass(250);
    expect(asterisk.dialled()).toEqual(NUMBERS.slice(0, 1));
    await asterisk.pass(500);
    expect(asterisk.dialled()).toEqual(NUMBERS.slice(0, 2));
    await asterisk.pass(500);
    expect(asterisk.dialled()).toEqual(NUMBERS);
  });
});

describe('calls that had to wait for their Asterisk', () => {
  it('do not come all at once when it is there', async () => {
    asterisk = await openAsterisk({ callsPerSecond: 2 });
    asterisk.fake.fail({ path: '/events', times: 3 }, { status: 503, body: {} });
    for (const number of NUMBERS) await asterisk.place(number);
    await asterisk.harness.start();
    for (let step = 0; step < 40 && asterisk.dialled().length === 0; step++) await asterisk.pass(100);
    expect(asterisk.dialled()).toEqual(NUMBERS.slice(0, 1));
    await asterisk.pass(3_000);
    expect(asterisk.dialled()).toHaveLength(3);
  });
});

describe('a queue', () => {
  it('that is full takes nothing more, and all of an order or nothing', async () => {
    asterisk = await openAsterisk({ outboundQueueMax: 2 });
    const { calls, outbound } = asterisk.harness.useCases;
    await asterisk.place(NUMBERS[0]);
    const order = { assistantId: ASSISTANT, version: '', fromNumber: '', metadata: {}, args: {}, options: {} };
    const two = NUMBERS.slice(1).map((toNumber) => ({ ...order, toNumber }));
    await expect(outbound.place('1', two, undefined)).rejects.toMatchObject({ code: 'queue_full' });
    expect((await calls.list('1', {}, 10, null)).data).toHaveLength(1);
    await asterisk.place(NUMBERS[1]);
  });
});
