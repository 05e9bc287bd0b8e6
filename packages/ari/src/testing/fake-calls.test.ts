import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../lab.test.support.js';
import { inApp, inDialplan, raw } from '../lab-requests.test.support.js';
import type { FakeDialplanRun } from './fake-types.js';

const UUID = '6f0cbb30-7b0f-4c3e-8d5d-1f6f1a0c9a11';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

describe('a call through the fake', () => {
  it.each([
    [{}, 400, { message: 'Endpoint must be specified' }],
    [{ endpoint: 'PJSIP/1@trunk' }, 400, { message: 'Application or extension must be specified' }],
    [{ endpoint: 'PJSIP/1@trunk', context: 'bot' }, 400, { message: 'Application or extension must be specified' }],
    [{ endpoint: 'callee', app: 'bot' }, 400, { message: 'Invalid endpoint specified' }],
    [{ endpoint: 'PJSIP/1@nobody', app: 'bot' }, 500, { error: 'Allocation failed' }],
    [{ endpoint: 'PJSIP/trunk/15551234567', app: 'bot' }, 500, { error: 'Allocation failed' }],
    [{ endpoint: 'PJSIP/+15551234567', app: 'bot' }, 500, { error: 'Allocation failed' }],
    [{ endpoint: 'NONE/trunk/1', app: 'bot' }, 500, { error: 'Allocation failed' }],
    [
      { endpoint: 'PJSIP/1@trunk', app: 'bot', formats: 'mp7' },
      400,
      { message: 'Provided format (mp7) was not found' },
    ],
  ])('with %j is answered %d', async (params, status, body) => {
    expect(await raw(lab.fake, 'POST', `/channels?${new URLSearchParams(params)}`)).toEqual({ status, body });
    expect(lab.fake.channels()).toEqual([]);
  });

  it('takes variables that are texts only', async () => {
    const path = '/channels?endpoint=PJSIP/1@trunk&extension=s';
    expect((await raw(lab.fake, 'POST', path, { variables: { A: 1 } })).status).toBe(400);
    expect((await raw(lab.fake, 'POST', path, { variables: { A: '1' } })).status).toBe(200);
  });

  it('goes to the endpoints of other technologies by trunk and number', async () => {
    await lab.close();
    lab = await startLab({ endpoints: ['SIP/trunk', 'DAHDI/g0', 'PJSIP/desk'] });
    for (const endpoint of ['SIP/trunk/1', 'DAHDI/g0/1', 'PJSIP/desk', 'PJSIP/desk/sip:1@host']) {
      expect(await raw(lab.fake, 'POST', `/channels?endpoint=${endpoint}&extension=s`)).toMatchObject({ status: 200 });
    }
    expect(await raw(lab.fake, 'POST', '/channels?endpoint=SIP/other/1&extension=s')).toMatchObject({ status: 500 });
  });

  it('keeps the id it was given, and refuses it a second time', async () => {
    expect(await inDialplan(lab)).toMatchObject({ ok: true, value: { id: 'call-1', state: 'Down' } });
    expect(await inDialplan(lab)).toMatchObject({ ok: false, failure: { kind: 'conflict' } });
  });

  it('that is answered tells its application everything in order', async () => {
    const { log } = await lab.follow('bot');
    await inApp(lab);
    await log.seen('StasisStart call-1 [a|b]');
    lab.fake.dtmf('call-1', '5');
    lab.fake.hangupByCallee('call-1');
    await log.seen('ChannelDestroyed call-1 16 Normal Clearing -');
    expect(log.lines).toEqual([
      'up',
      // A subscription to the channel begins when it is made, so nobody hears ChannelCreated.
      "Dial call-1 ''",
      'ChannelStateChange call-1 Ringing',
      "Dial call-1 'RINGING'",
      'ChannelStateChange call-1 Up',
      "Dial call-1 'ANSWER'",
      'StasisStart call-1 [a|b]',
      'ChannelDtmfReceived call-1 5',
      'StasisEnd call-1',
      'ChannelHangupRequest call-1',
      'ChannelDestroyed call-1 16 Normal Clearing -',
    ]);
  });

  it.each([
    ['busy', "Dial call-1 'BUSY'", 'ChannelDestroyed call-1 17 User busy 486'],
    ['reject', "Dial call-1 'NOANSWER'", 'ChannelDestroyed call-1 21 Call Rejected 603'],
    ['not_found', "Dial call-1 'NOANSWER'", 'ChannelDestroyed call-1 1 Unallocated (unassigned) number 404'],
  ] as const)('that ends with %s says why', async (outcome, dial, destroyed) => {
    const { log } = await lab.follow('bot');
    lab.fake.phone('200', { rings: false, outcome });
    await inApp(lab, '200');
    await log.seen(destroyed);
    expect(log.lines).toEqual(['up', "Dial call-1 ''", dial, destroyed]);
    expect(lab.fake.channels()).toEqual([]);
  });

  it('that nobody answers ends when its time is over', async () => {
    const { log } = await lab.follow('bot');
    lab.fake.phone('200', { outcome: 'nothing' });
    await inApp(lab, '200');
    lab.clock.advance(29_999);
    expect(lab.fake.channels()).toMatchObject([{ id: 'call-1', state: 'Ringing', place: 'dialing' }]);
    lab.clock.advance(1);
    await log.seen('ChannelDestroyed call-1 19 User alerting, no answer 480');
    expect(log.lines.slice(-2)[0]).toBe("Dial call-1 'RINGING'");
  });

  it('is answered after the time the phone takes, not a moment before', async () => {
    lab.fake.phone('200', { outcome: 'answer', afterMs: 3000 });
    await inDialplan(lab, '200');
    lab.clock.advance(2999);
    expect(lab.fake.channels()).toMatchObject([{ state: 'Ringing' }]);
    lab.clock.advance(1);
    expect(lab.fake.channels()).toMatchObject([{ state: 'Up', place: 'dialplan' }]);
  });

  it('that is hung up while it rings does not answer any more', async () => {
    lab.fake.phone('200', { outcome: 'answer', afterMs: 3000 });
    await inDialplan(lab, '200');
    expect(await lab.client.hangup('call-1')).toMatchObject({ ok: true });
    expect(lab.clock.pendingTimers).toBe(0);
    expect(lab.fake.channels()).toEqual([]);
  });

  it('into an application that nobody follows fails only when it is answered', async () => {
    lab.fake.phone('200', { outcome: 'answer', afterMs: 1000 });
    expect(await inApp(lab, '200')).toMatchObject({ ok: true });
    expect(lab.fake.channels()).toHaveLength(1);
    lab.clock.advance(1000);
    expect(lab.fake.channels()).toEqual([]);
  });

  it('into the dialplan runs it with its variables, and its events reach subscribers of the channel only', async () => {
    const { log } = await lab.follow('bot');
    const runs: FakeDialplanRun[] = [];
    const stopListening = lab.fake.onDialplan((run) => runs.push(run));
    lab.fake.phone('200', { outcome: 'answer', afterMs: 1 });
    await inDialplan(lab, '200', { CTX: UUID });
    expect(await lab.client.subscribe('bot', 'channel:call-1')).toEqual({ ok: true, value: undefined });
    lab.clock.advance(1);
    await log.seen("Dial call-1 'ANSWER'");
    expect(log.lines).toEqual(['up', 'ChannelStateChange call-1 Up', "Dial call-1 'ANSWER'"]);
    expect(runs).toEqual([
      { channelId: 'call-1', context: 'bot', extension: '7', priority: 2, variables: { CTX: UUID } },
    ]);
    stopListening();
    expect(lab.fake.endMedia('call-1')).toBe(true);
    // As Asterisk 22.10.1 often says when AudioSocket() has ended.
    await log.seen('ChannelDestroyed call-1 0 Unknown -');
  });

  it('in the dialplan cannot be steered, only read and hung up', async () => {
    await inDialplan(lab);
    const failure = { kind: 'not_in_stasis', status: 409 };
    expect(await lab.client.answer('call-1')).toMatchObject({ ok: false, failure });
    const to = { context: 'transfer', extension: '1', priority: 1 };
    expect(await lab.client.continueAt('call-1', to)).toMatchObject({ ok: false, failure });
    expect(await lab.client.channelVariable('call-1', 'X')).toEqual({ ok: true, value: undefined });
    expect(await raw(lab.fake, 'DELETE', '/channels/call-1?reason=bored')).toMatchObject({ status: 400 });
    expect(await raw(lab.fake, 'DELETE', '/channels/call-1?reason_code=17')).toEqual({ status: 204, body: undefined });
    expect(await raw(lab.fake, 'DELETE', '/channels/call-1')).toEqual({
      status: 404,
      body: { message: 'Channel not found' },
    });
  });

  it('leaves Stasis for the dialplan where it is told to', async () => {
    const { log } = await lab.follow('bot');
    const runs: FakeDialplanRun[] = [];
    lab.fake.onDialplan((run) => runs.push(run));
    await inApp(lab);
    expect(await lab.client.continueAt('call-1', { context: 'transfer', extension: '42', priority: 1 })).toMatchObject({
      ok: true,
    });
    await log.seen('StasisEnd call-1');
    expect(runs).toMatchObject([{ channelId: 'call-1', context: 'transfer', extension: '42', priority: 1 }]);
    expect(lab.fake.channels()).toMatchObject([{ id: 'call-1', place: 'dialplan' }]);
  });

  it('that comes in is in its application at once, and rings until it is answered', async () => {
    const { log } = await lab.follow('bot');
    const id = lab.fake.incoming({ number: '+1555', to: '100', app: 'bot', args: ['x'] });
    await log.seen(`StasisStart ${id} [x]`);
    expect(await lab.client.channel(id)).toMatchObject({
      ok: true,
      value: {
        state: 'Ring',
        caller: { number: '+1555' },
        dialplan: { context: 'from-trunk', exten: '100', priority: 1, appName: 'Stasis', appData: 'bot,x' },
      },
    });
    expect(await lab.client.answer(id)).toEqual({ ok: true, value: undefined });
    await log.seen(`ChannelStateChange ${id} Up`);
    await lab.client.hangup(id, 17);
    await log.seen(`ChannelDestroyed ${id} 17 User busy -`);
  });
});
