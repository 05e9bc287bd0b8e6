import type { PhoneBehaviour } from '@rapida/ari/testing';
import type { CallRecord } from '@rapida/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type AsteriskUnderTest, MODES, startAsterisk } from '../testing/asterisk-under-test.js';

let asterisk: AsteriskUnderTest;

afterEach(async () => {
  expect(await asterisk.close()).toEqual({ timers: 0, errors: [] });
});

const LATER = { afterMs: 3_000 };

const ENDINGS: readonly (readonly [string, PhoneBehaviour, Partial<CallRecord>, readonly string[]])[] = [
  ['busy at once', { outcome: 'busy', rings: false }, { state: 'busy', disconnectedBy: 'user', reason: 'busy' }, []],
  [
    'busy after it rang',
    { outcome: 'busy', ...LATER },
    { state: 'busy', disconnectedBy: 'user', reason: 'busy' },
    ['call.ringing'],
  ],
  [
    'declined',
    { outcome: 'reject', ...LATER },
    { state: 'rejected', disconnectedBy: 'user', reason: 'rejected' },
    ['call.ringing'],
  ],
  [
    'a number that does not exist',
    { outcome: 'not_found', rings: false },
    { state: 'failed', disconnectedBy: 'system', reason: 'number_unknown' },
    [],
  ],
  [
    'not answered',
    { outcome: 'nothing' },
    { state: 'no_answer', disconnectedBy: 'system', reason: 'no_answer' },
    ['call.ringing'],
  ],
  [
    'silent',
    { outcome: 'nothing', rings: false },
    { state: 'failed', disconnectedBy: 'system', reason: 'unreachable' },
    [],
  ],
];

describe.each(MODES)('a call that is not answered (%s)', (mode) => {
  it.each(ENDINGS)('and is %s ends once, with its reason', async (_, behaviour, end, rung) => {
    asterisk = await startAsterisk({ mode, deployment: { limits: { ringMs: 5_000 } } });
    const { fake, harness } = asterisk;
    fake.phone('+15557654321', behaviour);
    const placed = await asterisk.place();
    await asterisk.pass(6_000);
    expect(await asterisk.reaches(placed, end.state as CallRecord['state'])).toMatchObject(end);
    expect(await asterisk.eventTypes(placed)).toEqual(['channel_created', ...rung, 'call.failed']);
    const ended = [...harness.telemetry.counts].filter(([name]) => name.startsWith('rapida_calls_ended_total'));
    expect(ended).toEqual([[`rapida_calls_ended_total{${end.state},${end.disconnectedBy}}`, 1]]);
    await asterisk.pass(30_000);
    expect(asterisk.originates()).toHaveLength(1);
    expect(fake.channels()).toEqual([]);
    expect(fake.bridges()).toEqual([]);
    expect(await asterisk.call(placed)).toMatchObject(end);
  });

  it('leaves a context that nobody can claim, and a place for the next one', async () => {
    asterisk = await startAsterisk({ mode, callsMax: 1 });
    asterisk.fake.phone('+15557654321', { outcome: 'busy' });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'busy');
    const claim = await asterisk.harness.useCases.media.claim(placed.contextId, 'audiosocket', '192.0.2.1');
    expect(claim).toEqual({ ok: false, code: 'context_unknown' });
    const next = await asterisk.place('+15550000002');
    await asterisk.pass(1_000);
    await asterisk.reaches(next, 'connected');
  });

  it('is hung up by us where Asterisk lets it ring beyond its time', async () => {
    asterisk = await startAsterisk({ mode, deployment: { limits: { ringMs: 5_000 } } });
    const { fake } = asterisk;
    fake.phone('+15557654321', { outcome: 'nothing' });
    // What Asterisk says of the end is lost, and so is all after the ringing.
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'ringing');
    fake.fail({ path: '/events', times: 100 }, { status: 503, body: {} });
    fake.dropEvents();
    await asterisk.pass(14_000);
    expect(await asterisk.call(placed)).toMatchObject({ state: 'ringing' });
    await asterisk.pass(1_000);
    expect(await asterisk.reaches(placed, 'no_answer')).toMatchObject({ reason: 'no_answer' });
    expect(asterisk.requests('DELETE', `/channels/rapida-${placed.id}-1`)).not.toEqual([]);
  });
});

describe.each(MODES)('a call that is answered without sound (%s)', (mode) => {
  it('is hung up after ten seconds', async () => {
    asterisk = await startAsterisk({ mode });
    asterisk.withoutMedia();
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'answered');
    await asterisk.pass(9_500);
    expect(await asterisk.call(placed)).toMatchObject({ state: 'answered' });
    await asterisk.pass(500);
    expect(await asterisk.reaches(placed, 'failed')).toMatchObject({ disconnectedBy: 'system', reason: 'no_media' });
    await asterisk.until(() => asterisk.fake.channels().length === 0, 'the telephone is hung up');
    expect(asterisk.fake.bridges()).toEqual([]);
  });

  it('has failed by the user who does not wait for it', async () => {
    asterisk = await startAsterisk({ mode });
    asterisk.withoutMedia();
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'answered');
    asterisk.fake.hangupByCallee(`rapida-${placed.id}-1`);
    const failed = await asterisk.reaches(placed, 'failed');
    expect(failed).toMatchObject({ disconnectedBy: 'user', reason: 'hung_up_before_media' });
    const { fake } = asterisk;
    await asterisk.until(() => fake.channels().length === 0 && fake.bridges().length === 0, 'all is gone');
  });
});
