import { afterEach, describe, expect, it } from 'vitest';
import { type AsteriskUnderTest, MODES, startAsterisk, type UnderTestOptions } from '../testing/asterisk-under-test.js';
import { PROJECT } from '../testing/harness.js';

let asterisk: AsteriskUnderTest;

async function start(options: UnderTestOptions): Promise<AsteriskUnderTest> {
  asterisk = await startAsterisk(options);
  return asterisk;
}

afterEach(async () => {
  expect(await asterisk.close()).toEqual({ timers: 0, errors: [] });
});

const NUMBER = '+15557654321';

describe.each(MODES)('a number that is busy (%s)', (mode) => {
  it('is dialled again after its time, as the same call, until its attempts are used up', async () => {
    const { fake, harness } = await start({ mode });
    fake.phone(NUMBER, { outcome: 'busy', rings: false });
    const placed = await asterisk.place(NUMBER, { options: { attempts: 3, retryAfterSeconds: 60 } });
    await asterisk.pass(500);
    const waiting = await asterisk.call(placed);
    expect(waiting).toMatchObject({
      state: 'queued',
      contextId: placed.contextId,
      endedAtMs: null,
      disconnectedBy: null,
    });
    expect(waiting.outbound).toMatchObject({ attempt: 1, attemptsMax: 3, dialed: null });
    const [retrying] = (await asterisk.events(placed)).filter(({ type }) => type === 'call.retrying');
    const notBefore = new Date(waiting.outbound?.notBeforeMs ?? 0).toISOString();
    expect(retrying?.data).toEqual({ attempt: 1, reason: 'busy', notBefore });
    expect(waiting.outbound?.notBeforeMs).toBeGreaterThan(harness.clock.wallMs() + 59_000);

    await asterisk.pass(58_000);
    expect(asterisk.originates()).toHaveLength(1);
    await asterisk.pass(4_000);
    expect(asterisk.originates()).toHaveLength(2);
    await asterisk.pass(62_000);
    expect(await asterisk.reaches(placed, 'busy')).toMatchObject({ outbound: { attempt: 3 }, reason: 'busy' });
    await asterisk.pass(120_000);
    expect(asterisk.originates().map(({ query }) => query.channelId)).toEqual([
      `rapida-${placed.id}-1`,
      `rapida-${placed.id}-2`,
      `rapida-${placed.id}-3`,
    ]);
    expect(await asterisk.eventTypes(placed)).toEqual([
      ...['channel_created', 'call.retrying', 'channel_created', 'call.retrying', 'channel_created', 'call.failed'],
    ]);
  });

  it('can be talked to when it answers at last: its context is there again', async () => {
    const { fake } = await start({ mode });
    fake.phone(NUMBER, { outcome: 'busy' });
    const placed = await asterisk.place(NUMBER, { options: { attempts: 2, retryAfterSeconds: 5 } });
    await asterisk.pass(500);
    expect((await asterisk.call(placed)).state).toBe('queued');
    fake.phone(NUMBER, { outcome: 'answer' });
    await asterisk.pass(7_000);
    const { conversation } = await asterisk.talk(placed);
    conversation.end({ by: 'assistant', reason: 'done', failed: false });
    await asterisk.reaches(placed, 'completed');
  });

  it('is not dialled again where nobody asked for it', async () => {
    const { fake } = await start({ mode });
    fake.phone(NUMBER, { outcome: 'busy' });
    const once = await asterisk.place(NUMBER);
    const other = await asterisk.place(NUMBER, {
      options: { attempts: 3, retryAfterSeconds: 1, retryOn: ['no_answer'] },
    });
    await asterisk.pass(30_000);
    await asterisk.reaches(once, 'busy');
    await asterisk.reaches(other, 'busy');
    expect(asterisk.originates()).toHaveLength(2);
  });
});

describe('a number that was refused', () => {
  it.each(['reject', 'not_found'] as const)('is never dialled again (%s)', async (outcome) => {
    const { fake } = await start({});
    fake.phone(NUMBER, { outcome });
    const placed = await asterisk.place(NUMBER, { options: { attempts: 3, retryAfterSeconds: 1 } });
    await asterisk.pass(30_000);
    await asterisk.reaches(placed, outcome === 'reject' ? 'rejected' : 'failed');
    expect(asterisk.originates()).toHaveLength(1);
  });
});

describe('a call that waits for its next attempt', () => {
  it('can be cancelled', async () => {
    const { fake, harness } = await start({});
    fake.phone(NUMBER, { outcome: 'nothing' });
    const options = { attempts: 2, retryAfterSeconds: 10, ringSeconds: 5 };
    const placed = await asterisk.place(NUMBER, { options });
    await asterisk.pass(6_000);
    expect((await asterisk.call(placed)).state).toBe('queued');
    await harness.useCases.calls.hangup(PROJECT, placed.id);
    await asterisk.pass(60_000);
    expect(await asterisk.call(placed)).toMatchObject({ state: 'cancelled' });
    expect(asterisk.originates()).toHaveLength(1);
  });

  it('gives its place to others meanwhile', async () => {
    const { fake } = await start({ deployment: { limits: { concurrentCalls: 1 } } });
    fake.phone(NUMBER, { outcome: 'busy' });
    await asterisk.place(NUMBER, { options: { attempts: 2, retryAfterSeconds: 600 } });
    const other = await asterisk.place('+15550000002');
    await asterisk.pass(5_000);
    await asterisk.reaches(other, 'connected');
  });

  it('fails where its deployment was disabled meanwhile', async () => {
    const { fake } = await start({});
    fake.phone(NUMBER, { outcome: 'busy' });
    const placed = await asterisk.place(NUMBER, { options: { attempts: 2, retryAfterSeconds: 5 } });
    await asterisk.pass(1_000);
    await asterisk.deploy({ enabled: false });
    await asterisk.pass(6_000);
    expect(await asterisk.reaches(placed, 'failed')).toMatchObject({ reason: 'deployment_disabled' });
    expect(asterisk.originates()).toHaveLength(1);
  });
});
