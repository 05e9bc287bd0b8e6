import { afterEach, describe, expect, it } from 'vitest';
import {
  type AsteriskUnderTest,
  MODES,
  openAsterisk,
  startAsterisk,
  type UnderTestOptions,
} from '../testing/asterisk-under-test.js';

let asterisk: AsteriskUnderTest;

async function start(options: UnderTestOptions): Promise<AsteriskUnderTest> {
  asterisk = await startAsterisk(options);
  return asterisk;
}

afterEach(async () => {
  expect(await asterisk.close()).toEqual({ timers: 0, errors: [] });
});

const ORIGINATE = { method: 'POST', path: '/channels' };

/** The data of its last event. */
async function lastEvent(placed: { readonly id: string }): Promise<unknown> {
  return (await asterisk.events(placed)).at(-1)?.data;
}

describe.each(MODES)('a call that Asterisk does not take (%s)', (mode) => {
  it('names a trunk that does not exist', async () => {
    await start({ mode, deployment: { options: { trunk: 'nowhere' } } });
    const placed = await asterisk.place();
    await asterisk.pass(1_000);
    expect(await asterisk.reaches(placed, 'failed')).toMatchObject({ reason: 'trunk_unknown' });
    expect(await lastEvent(placed)).toMatchObject({ code: 'trunk_unknown', disconnectedBy: 'system' });
  });

  it('names a password that is wrong', async () => {
    await start({ mode, password: 'wrong' });
    const placed = await asterisk.place();
    await asterisk.pass(6_000);
    expect(await asterisk.reaches(placed, 'failed')).toMatchObject({ reason: 'ari_unauthorized' });
    expect(asterisk.originates()).toEqual([]);
  });

  it('names an Asterisk that is not there, and dials nothing when it comes', async () => {
    asterisk = await openAsterisk({ mode });
    await asterisk.fake.stop();
    await asterisk.harness.start();
    const placed = await asterisk.place();
    await asterisk.pass(6_000);
    expect(await asterisk.reaches(placed, 'failed')).toMatchObject({ reason: 'ari_unreachable' });
    await asterisk.fake.start();
    await asterisk.pass(15_000);
    expect(asterisk.originates()).toEqual([]);
  });

  it('is dialled once where no answer comes, and what may be there of it is taken away', async () => {
    const { fake } = await start({ mode });
    fake.fail(ORIGINATE, 'hang');
    const placed = await asterisk.place();
    await asterisk.pass(6_000);
    expect(await asterisk.reaches(placed, 'failed')).toMatchObject({ reason: 'ari_unreachable' });
    await asterisk.pass(60_000);
    expect(asterisk.originates()).toHaveLength(1);
    expect(asterisk.requests('DELETE', `/channels/rapida-${placed.id}-1`)).not.toEqual([]);
  });

  it('does not ring on where the answer was lost', async () => {
    const { fake } = await start({ mode });
    fake.phone('+15557654321', { outcome: 'nothing' });
    fake.fail(ORIGINATE, 'answer_lost');
    const placed = await asterisk.place();
    await asterisk.pass(1_000);
    expect(await asterisk.reaches(placed, 'failed')).toMatchObject({ reason: 'ari_unreachable' });
    await asterisk.until(() => fake.channels().length === 0, 'the telephone does not ring any more');
    expect(asterisk.originates()).toHaveLength(1);
  });

  it('is hung up where something between us and Asterisk has answered in its place', async () => {
    const { fake } = await start({ mode });
    fake.fail(ORIGINATE, { status: 504, body: { message: 'Gateway Time-out' } });
    const placed = await asterisk.place();
    await asterisk.pass(1_000);
    await asterisk.reaches(placed, 'failed');
    expect(asterisk.requests('DELETE', `/channels/rapida-${placed.id}-1`)).not.toEqual([]);
  });
});

describe('a call whose channel Asterisk cannot let us watch before', () => {
  it('ends when it is busy at once', async () => {
    const { fake } = await start({
      endpoints: ['IAX2/trunk'],
      deployment: { options: { endpoint_technology: 'IAX2' } },
    });
    fake.phone('+15557654321', { outcome: 'busy', rings: false });
    fake.fail({ method: 'POST', path: '/applications/rapida/subscription' }, UNKNOWN_SOURCE);
    const placed = await asterisk.place();
    await asterisk.pass(5_000);
    expect(asterisk.originates()).toHaveLength(1);
    expect((await asterisk.call(placed)).state).toMatch(/^(busy|failed)$/);
  });

  it('is known to be answered where that was before we could watch', async () => {
    const { fake } = await start({
      endpoints: ['IAX2/trunk'],
      deployment: { options: { endpoint_technology: 'IAX2' } },
    });
    asterisk.withoutMedia();
    fake.phone('+15557654321', { outcome: 'answer', rings: false });
    fake.fail({ method: 'POST', path: '/applications/rapida/subscription' }, UNKNOWN_SOURCE);
    const placed = await asterisk.place();
    await asterisk.pass(5_000);
    await asterisk.reaches(placed, 'answered');
  });
});

const UNKNOWN_SOURCE = { status: 422, body: { message: 'Event source does not exist' } };

describe('media that Asterisk does not make', () => {
  it('ends the call, and the telephone is hung up', async () => {
    const { fake } = await start({ mode: 'stasis' });
    fake.fail({ method: 'POST', path: '/channels/externalMedia' }, { status: 500, body: { message: 'no' } });
    const placed = await asterisk.place();
    await asterisk.pass(1_000);
    expect(await asterisk.reaches(placed, 'failed')).toMatchObject({ reason: 'ari_failed' });
    await asterisk.until(() => fake.channels().length === 0, 'the telephone is hung up');
    expect(fake.bridges()).toEqual([]);
  });

  it('ends the call where it went away again', async () => {
    const { fake } = await start({ mode: 'stasis' });
    asterisk.withoutMedia();
    const placed = await asterisk.place();
    await asterisk.pass(1_000);
    await asterisk.reaches(placed, 'answered');
    fake.endMedia(`rapida-${placed.id}-1-media`);
    expect(await asterisk.reaches(placed, 'failed')).toMatchObject({ disconnectedBy: 'system', reason: 'no_media' });
    await asterisk.until(() => fake.channels().length === 0 && fake.bridges().length === 0, 'all is gone');
  });
});
