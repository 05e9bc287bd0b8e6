import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AsteriskUnderTest, MODES, startAsterisk, type UnderTestOptions } from '../testing/asterisk-under-test.js';
import { FakeTransport } from '../testing/fake-transport.js';

let asterisk: AsteriskUnderTest;

async function start(options: UnderTestOptions): Promise<AsteriskUnderTest> {
  asterisk = await startAsterisk(options);
  return asterisk;
}

afterEach(async () => {
  expect(await asterisk.close()).toEqual({ timers: 0, errors: [] });
});

describe.each(MODES)('a call that is answered (%s)', (mode) => {
  it('is told step by step, from its channel to its end', async () => {
    const { fake } = await start({ mode });
    fake.phone('+15557654321', { outcome: 'answer', afterMs: 2_000 });
    const placed = await asterisk.place();
    expect(placed.state).toBe('queued');
    await asterisk.pass(250);
    expect(await asterisk.reaches(placed, 'ringing')).toMatchObject({
      contextId: placed.contextId,
      connectedAtMs: null,
    });
    await asterisk.pass(2_000);
    const connected = await asterisk.reaches(placed, 'connected');
    expect(connected).toMatchObject({ transport: 'audiosocket', direction: 'outbound', to: '+15557654321' });
    (await asterisk.talk(placed)).conversation.end({ by: 'assistant', reason: 'done', failed: false });
    expect(await asterisk.reaches(placed, 'completed')).toMatchObject({ disconnectedBy: 'assistant', reason: 'done' });
    expect(await asterisk.eventTypes(placed)).toEqual([
      'channel_created',
      'call.ringing',
      'call.answered',
      'call.connected',
      'call.ended',
    ]);
  });

  it('keeps the order of its events where it is answered at once', async () => {
    const { fake } = await start({ mode });
    fake.phone('+15557654321', { outcome: 'answer' });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'connected');
    await asterisk.rest();
    expect(await asterisk.eventTypes(placed)).toEqual([
      'channel_created',
      'call.ringing',
      'call.answered',
      'call.connected',
    ]);
  });

  it('is dialled as it was ordered, under a channel id of ours and with the context of the call', async () => {
    const { fake } = await start({ mode, deployment: { options: { app: 'bots', trunk: 'trunk' } } });
    fake.phone('+15557654321', { outcome: 'answer', afterMs: 2_000 });
    const placed = await asterisk.place('+15557654321', { fromNumber: '+15552223333', options: { ringSeconds: 12 } });
    await asterisk.pass(250);
    const { channelId } = await asterisk.reaches(placed, 'ringing');
    const after = mode === 'stasis' ? { app: 'bots' } : { context: 'bot', extension: 's', priority: '1' };
    const [dialled, ...others] = asterisk.originates();
    expect(others).toEqual([]);
    expect(dialled?.query).toEqual({
      endpoint: 'PJSIP/+15557654321@trunk',
      channelId,
      callerId: '+15552223333',
      timeout: '12',
      ...after,
    });
    expect(dialled?.body).toEqual({
      variables: { RAPIDA_CONTEXT_ID: placed.contextId, __RAPIDA_CONTEXT_ID: placed.contextId },
    });
    expect(channelId).toBe(`rapida-${placed.id}-1`);
  });

  it('ends also where its sound comes while what was made ready for it is given up, because it was hung up at once', async () => {
    const { fake, harness } = await start({ mode });
    asterisk.withoutMedia();
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'answered');
    const claim = await harness.useCases.media.claim(placed.contextId, 'audiosocket', '192.0.2.1');
    if (!claim.ok) throw new Error(claim.code);
    let withdrawn = (_found: boolean): void => {};
    const withdrawing = new Promise<boolean>((resolve) => {
      withdrawn = resolve;
    });
    const withdraw = vi.spyOn(harness.stores.contexts, 'withdraw').mockReturnValue(withdrawing);
    fake.hangupByCallee(`rapida-${placed.id}-1`);
    await asterisk.until(() => withdraw.mock.calls.length > 0, 'it is given up');
    const transport = new FakeTransport();
    const attached = harness.useCases.media.attach(claim.context, transport);
    await asterisk.reaches(placed, 'connected');
    withdrawn(false);
    await asterisk.rest();
    transport.callerHangsUp();
    await attached;
    expect(await asterisk.reaches(placed, 'completed')).toMatchObject({ reason: 'caller_hangup' });
  });

  it('shows the number of the deployment where the order names no caller', async () => {
    await start({ mode });
    await asterisk.place();
    await asterisk.pass(250);
    expect(asterisk.originates().map(({ query }) => query.callerId)).toEqual(['+15550001111']);
  });
});

describe('a call through the dialplan', () => {
  it('is answered before it is connected, also where its media is faster than the report of the answer', async () => {
    await start({ mode: 'dialplan', mediaFirst: true });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'connected');
    await asterisk.rest();
    const told = await asterisk.eventTypes(placed);
    expect(told.filter((type) => type !== 'channel_created')).toEqual(['call.answered', 'call.connected']);
  });

  it('is answered before it is connected, also where the store is slow to take the answer', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await start({
      ...{ mode: 'dialplan', mediaFirst: true },
      wrapCalls: (calls) => ({
        ...calls,
        async transition(id, from, state, patch, event) {
          if (state === 'answered') await held;
          return calls.transition(id, from, state, patch, event);
        },
      }),
    });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.talk(placed);
    await asterisk.rest();
    release();
    await asterisk.reaches(placed, 'connected');
    const told = await asterisk.eventTypes(placed);
    expect(told.filter((type) => type !== 'channel_created')).toEqual(['call.answered', 'call.connected']);
  });

  it('is left to the dialplan when its session has ended', async () => {
    const { fake } = await start({ mode: 'dialplan' });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    const { conversation, attached } = await asterisk.talk(placed);
    conversation.end({ by: 'assistant', reason: 'done', failed: false });
    await attached;
    await asterisk.pass(15_000);
    expect(fake.channels()).toMatchObject([{ id: `rapida-${placed.id}-1`, place: 'dialplan' }]);
    expect(asterisk.requests('DELETE', '/')).toEqual([]);
    expect(asterisk.requests('POST', '/bridges')).toEqual([]);
  });

  it('ends by the user when the telephone hangs up', async () => {
    const { fake } = await start({ mode: 'dialplan' });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.talk(placed);
    fake.hangupByCallee(`rapida-${placed.id}-1`);
    expect(await asterisk.reaches(placed, 'completed')).toMatchObject({ disconnectedBy: 'user' });
  });
});

describe('a call in our Stasis application', () => {
  it('has its telephone and its media in a bridge', async () => {
    const { fake } = await start({ mode: 'stasis' });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.talk(placed);
    const phone = `rapida-${placed.id}-1`;
    await asterisk.until(() => fake.bridges()[0]?.channels.length === 2, 'both are in the bridge');
    expect(fake.bridges()[0]?.channels).toEqual(expect.arrayContaining([phone, `${phone}-media`]));
    const media = fake.channels().find(({ id }) => id === `${phone}-media`)?.media;
    expect(media).toMatchObject({ host: '127.0.0.1:4573', encapsulation: 'audiosocket', data: placed.contextId });
  });

  it('leaves nothing in Asterisk when its session has ended', async () => {
    const { fake } = await start({ mode: 'stasis' });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    const { conversation } = await asterisk.talk(placed);
    conversation.end({ by: 'assistant', reason: 'done', failed: false });
    await asterisk.until(() => fake.channels().length === 0 && fake.bridges().length === 0, 'all is gone');
    expect(await asterisk.reaches(placed, 'completed')).toMatchObject({ disconnectedBy: 'assistant', reason: 'done' });
  });

  it('ends by the user when the telephone hangs up, and leaves nothing', async () => {
    const { fake } = await start({ mode: 'stasis' });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.talk(placed);
    fake.hangupByCallee(`rapida-${placed.id}-1`);
    expect(await asterisk.reaches(placed, 'completed')).toMatchObject({ disconnectedBy: 'user' });
    await asterisk.until(() => fake.channels().length === 0 && fake.bridges().length === 0, 'all is gone');
  });

  it('hears each key once, from its media: ARI tells of some keys twice', async () => {
    const { fake } = await start({ mode: 'stasis' });
    const placed = await asterisk.place();
    await asterisk.pass(1_000);
    const { conversation, transport } = await asterisk.talk(placed);
    for (const digit of ['1', '1', '2']) {
      fake.dtmf(`rapida-${placed.id}-1`, digit);
      transport.listener?.onDtmf(digit);
    }
    await asterisk.rest();
    expect(conversation.digits).toEqual(['1', '1', '2']);
  });

  it('hears keys from ARI where the AudioSocket of an older Asterisk does not tell of them', async () => {
    const { fake } = await start({ mode: 'stasis', version: '20.13.0' });
    const placed = await asterisk.place();
    await asterisk.pass(1_000);
    const { conversation } = await asterisk.talk(placed);
    for (const digit of ['1', '1', '2']) fake.dtmf(`rapida-${placed.id}-1`, digit);
    await asterisk.until(() => conversation.digits.length >= 3, 'the keys are there');
    expect(conversation.digits).toEqual(['1', '1', '2']);
  });
});
