import { connectAriEvents } from '@rapida/ari';
import { afterEach, describe, expect, it } from 'vitest';
import { type AsteriskUnderTest, MODES, startAsterisk, type UnderTestOptions } from '../testing/asterisk-under-test.js';

let asterisk: AsteriskUnderTest;

async function start(options: UnderTestOptions): Promise<AsteriskUnderTest> {
  asterisk = await startAsterisk(options);
  return asterisk;
}

afterEach(async () => {
  expect(await asterisk.close()).toEqual({ timers: 0, errors: [] });
});

const count = (why: string): number =>
  asterisk.harness.telemetry.counts.get(`rapida_ari_events_lost_total{${why}}`) ?? 0;

/** The events are cut, and cannot come back at once. */
function cut(): void {
  asterisk.fake.fail({ path: '/events', times: 2 }, { status: 503, body: {} });
  asterisk.fake.dropEvents();
}

describe.each(MODES)('events that were cut off (%s)', (mode) => {
  it('are made up for: a call that has ended meanwhile is noticed', async () => {
    const { fake } = await start({ mode });
    fake.phone('+15557654321', { outcome: 'nothing' });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'ringing');
    cut();
    fake.hangupByCallee(`rapida-${placed.id}-1`);
    await asterisk.pass(5_000);
    expect(await asterisk.reaches(placed, 'failed')).toMatchObject({ reason: 'asterisk_lost' });
    expect(count('gap')).toBe(1);
  });

  it('do not end a call that goes on', async () => {
    const { fake } = await start({ mode });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.talk(placed);
    cut();
    await asterisk.pass(5_000);
    expect(count('gap')).toBe(1);
    expect(await asterisk.call(placed)).toMatchObject({ state: 'connected' });
    // And it is heard of again.
    fake.hangupByCallee(`rapida-${placed.id}-1`);
    expect(await asterisk.reaches(placed, 'completed')).toMatchObject({ disconnectedBy: 'user' });
  });

  it('end no call that is still ringing, and its end is heard afterwards', async () => {
    const { fake } = await start({ mode });
    fake.phone('+15557654321', { outcome: 'busy', afterMs: 10_000 });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'ringing');
    cut();
    await asterisk.pass(5_000);
    expect(await asterisk.call(placed)).toMatchObject({ state: 'ringing' });
    await asterisk.pass(6_000);
    await asterisk.reaches(placed, 'busy');
  });

  it('by an Asterisk that starts anew end its calls, and the next ones are dialled', async () => {
    const { fake } = await start({ mode });
    fake.phone('+15557654321', { outcome: 'nothing' });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'ringing');
    await fake.restart();
    await asterisk.pass(5_000);
    expect(await asterisk.reaches(placed, 'failed')).toMatchObject({ reason: 'asterisk_lost' });
    fake.phone('+15550000002', { outcome: 'busy', rings: false });
    const next = await asterisk.place('+15550000002');
    await asterisk.pass(1_000);
    await asterisk.reaches(next, 'busy');
  });
});

describe('a call through the dialplan', () => {
  it('is not dialled before its events are asked for again', async () => {
    const { fake } = await start({ mode: 'dialplan' });
    const first = await asterisk.place('+15550000001');
    await asterisk.pass(250);
    await asterisk.talk(first);
    // Asterisk starts anew, and knows the application only a moment after it has taken the connection.
    fake.fail(
      { method: 'POST', path: '/applications/rapida/subscription' },
      { status: 404, body: { message: 'Application not found' } },
    );
    await fake.restart();
    // The queue is not looked at while nothing passes: the connection comes back first.
    fake.phone('+15550000002', { outcome: 'busy', rings: false });
    for (let step = 0; step < 60 && count('gap') === 0; step++) await asterisk.pass(10);
    expect(count('gap')).toBe(1);
    const next = await asterisk.place('+15550000002');
    await asterisk.pass(5_000);
    await asterisk.reaches(next, 'busy');
  });
});

describe('another program that takes our application', () => {
  it('is told of', async () => {
    const { fake, harness } = await start({ mode: 'stasis' });
    await asterisk.pass(1_000);
    const other = connectAriEvents({
      access: { url: fake.url, user: 'rapida', password: () => 'correct horse' },
      app: 'rapida',
      clock: harness.clock,
      listener: { onEvent() {}, onUp() {}, onDown() {} },
    });
    await asterisk.until(() => count('replaced') === 1, 'it was noticed');
    await other.close();
  });
});
