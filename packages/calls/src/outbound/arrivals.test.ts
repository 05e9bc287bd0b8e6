import { afterEach, describe, expect, it } from 'vitest';
import { type AsteriskUnderTest, startAsterisk, type UnderTestOptions } from '../testing/asterisk-under-test.js';
import { ASSISTANT, PROJECT } from '../testing/harness.js';

let asterisk: AsteriskUnderTest;

async function start(options: UnderTestOptions = {}): Promise<AsteriskUnderTest> {
  asterisk = await startAsterisk({ mode: 'stasis', ...options });
  // The first look for leftovers is over.
  await asterisk.pass(3_000);
  return asterisk;
}

afterEach(async () => {
  expect(await asterisk.close()).toEqual({ timers: 0, errors: [] });
});

const arrive = (...args: string[]): string =>
  asterisk.fake.incoming({ number: '+15551112222', to: '100', app: 'rapida', args });

async function calls() {
  return (await asterisk.harness.useCases.calls.list(PROJECT, {}, 10, null)).data;
}

async function held(channelId: string) {
  await asterisk.until(async () => (await calls()).some((call) => call.channelId === channelId), 'the call is known');
  const call = (await calls()).find((known) => known.channelId === channelId);
  if (call === undefined) throw new Error('there is no such call');
  await asterisk.reaches(call, 'connected');
  return asterisk.call(call);
}

/** With the cause that a caller hears who cannot be served. */
async function refused(channelId: string): Promise<void> {
  await asterisk.until(() => asterisk.requests('DELETE', `/channels/${channelId}`).length > 0, 'it is hung up');
  expect(asterisk.requests('DELETE', `/channels/${channelId}`)[0]?.query).toEqual({ reason_code: '38' });
  expect(asterisk.requests('POST', `/channels/${channelId}/answer`)).toEqual([]);
}

describe('a caller whom the dialplan hands to our Stasis application', () => {
  it('is answered and held by the only assistant there is', async () => {
    const { fake } = await start();
    const call = await held(arrive());
    expect(call).toMatchObject({ assistantId: ASSISTANT, direction: 'inbound', from: '+15551112222', to: '100' });
    expect(await asterisk.eventTypes(call)).toEqual(['webhook', 'call.connected']);
    await asterisk.until(() => fake.bridges()[0]?.channels.length === 2, 'both are in the bridge');
    (await asterisk.talk(call)).conversation.end({ by: 'assistant', reason: 'done', failed: false });
    await asterisk.reaches(call, 'completed');
    await asterisk.until(() => fake.channels().length === 0 && fake.bridges().length === 0, 'all is gone');
  });

  it('is a new call where it was transferred into our application again, however soon that is', async () => {
    const target = 'again,s,1';
    let write = (): void => {};
    const written = new Promise<void>((resolve) => {
      write = resolve;
    });
    const { fake } = await start({
      deployment: { transferTargets: [target] },
      wrapCalls: (store) => ({
        ...store,
        appendEvent: async (id, event) => {
          if (event.type === 'call.transferred') await written;
          return store.appendEvent(id, event);
        },
      }),
    });
    fake.onDialplan(
      ({ channelId, context }) => void (context === 'again' && fake.handToStasis(channelId, 'rapida', [])),
    );
    const channelId = arrive();
    const first = await held(channelId);
    const { conversation } = await asterisk.talk(first);
    const handOver = conversation.handOver(target);
    await asterisk.until(async () => (await calls()).length === 2, 'it is a call again');
    write();
    expect(await asterisk.ended(handOver)).toEqual({ ok: true });
    await asterisk.reaches(first, 'completed');
    const second = (await calls()).find(({ id }) => id !== first.id) as typeof first;
    await asterisk.reaches(second, 'connected');
    expect(fake.channels().find(({ id }) => id === channelId)?.place).toBe('stasis');
    fake.hangupByCallee(channelId);
    expect(await asterisk.reaches(second, 'completed')).toMatchObject({ disconnectedBy: 'user' });
  });

  it.each([
    ['by its id', '43'],
    ['by its name', 'Assistant 43'],
  ])('is held by the assistant that is named %s', async (_, named) => {
    await start();
    await asterisk.assistant('43');
    expect(await held(arrive(named))).toMatchObject({ assistantId: '43' });
  });

  it('is hung up where it is not said which of several assistants is meant', async () => {
    await start();
    await asterisk.assistant('43');
    await refused(arrive());
    await refused(arrive('Assistant 44'));
    expect(await calls()).toEqual([]);
  });

  it('is hung up where the deployment is disabled', async () => {
    await start();
    await asterisk.deploy({ enabled: false });
    await refused(arrive());
  });

  it('is hung up where no more calls are taken, and held again when there is room', async () => {
    await start({ deployment: { limits: { concurrentCalls: 1 } } });
    const first = await held(arrive());
    await refused(arrive());
    (await asterisk.talk(first)).conversation.end({ by: 'assistant', reason: 'done', failed: false });
    await asterisk.reaches(first, 'completed');
    await asterisk.rest();
    await held(arrive());
  });

  it('is hung up by a server that is stopping', async () => {
    await start();
    await asterisk.ended(asterisk.harness.drain(1_000));
    await refused(arrive());
  });

  it('gives the place back and is on record as gone when it hangs up before there is sound', async () => {
    const { fake } = await start({ deployment: { limits: { concurrentCalls: 1 } } });
    asterisk.withoutMedia();
    const channelId = arrive();
    await asterisk.until(() => fake.channels().length === 2, 'media is being made');
    fake.hangupByCallee(channelId);
    await asterisk.until(async () => (await calls())[0]?.state === 'failed', 'it is on record');
    expect((await calls())[0]).toMatchObject({ disconnectedBy: 'user', reason: 'hung_up_before_media' });
    await asterisk.until(() => fake.channels().length === 0 && fake.bridges().length === 0, 'all is gone');
    const { contextId = '' } = (await calls())[0] ?? {};
    const { media } = asterisk.harness.useCases;
    expect(await media.claim(contextId, 'audiosocket', '192.0.2.1')).toMatchObject({ ok: false });
    arrive();
    await asterisk.until(() => fake.channels().length === 2, 'the next one is taken');
  });

  it('is on record as gone, too, when it hangs up as soon as it has come', async () => {
    const { fake } = await start();
    fake.hangupByCallee(arrive());
    await asterisk.until(async () => (await calls())[0]?.state === 'failed', 'it is on record');
    expect((await calls())[0]).toMatchObject({ disconnectedBy: 'user', reason: 'hung_up_before_media' });
    await asterisk.rest();
    expect(fake.channels()).toEqual([]);
    expect(fake.bridges()).toEqual([]);
  });

  it('is hung up when its call is cancelled before there is sound', async () => {
    const { fake, harness } = await start();
    asterisk.withoutMedia();
    arrive();
    await asterisk.until(() => fake.channels().length === 2, 'media is being made');
    const [call] = await calls();
    await harness.useCases.calls.hangup(PROJECT, call?.id ?? '');
    await asterisk.until(() => fake.channels().length === 0 && fake.bridges().length === 0, 'all is gone');
    expect((await calls())[0]).toMatchObject({ state: 'cancelled' });
  });
});
