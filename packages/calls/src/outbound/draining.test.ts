import type { CallStore } from '@rapida/core';
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

describe('a server that is told to stop', () => {
  it('places nothing more, and leaves what waits to its next life', async () => {
    asterisk = await openAsterisk();
    const waiting = await asterisk.place();
    await asterisk.ended(asterisk.harness.drain(1_000));
    await asterisk.harness.start();
    await expect(asterisk.place('+15550000002')).rejects.toMatchObject({ code: 'draining' });
    await asterisk.pass(5_000);
    expect(await asterisk.call(waiting)).toMatchObject({ state: 'queued' });
    expect(asterisk.originates()).toEqual([]);
  });

  it.each(MODES)('lets a call that rings be answered and held to its end (%s)', async (mode) => {
    const { fake, harness } = await start({ mode });
    fake.phone('+15557654321', { outcome: 'answer', afterMs: 4_000 });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'ringing');
    const drained = harness.drain(60_000);
    await asterisk.pass(5_000);
    const { conversation } = await asterisk.talk(placed);
    conversation.end({ by: 'assistant', reason: 'done', failed: false });
    await asterisk.ended(drained);
    expect(await asterisk.call(placed)).toMatchObject({ state: 'completed', reason: 'done' });
  });

  it.each(MODES)('hangs up what still rings when its time is over (%s)', async (mode) => {
    const { fake, harness } = await start({ mode });
    fake.phone('+15557654321', { outcome: 'nothing' });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'ringing');
    await asterisk.ended(harness.drain(5_000));
    expect(await asterisk.call(placed)).toMatchObject({ state: 'cancelled', reason: 'server_shutdown' });
    expect(fake.channels()).toEqual([]);
  });

  it.each(MODES)('lets a conversation finish its sentence when its time is over (%s)', async (mode) => {
    const { harness } = await start({ mode });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    const { conversation } = await asterisk.talk(placed);
    await asterisk.ended(harness.drain(5_000));
    expect(await asterisk.call(placed)).toMatchObject({ state: 'completed', reason: 'server_shutdown' });
    // It was told to finish, and not that its caller is gone.
    expect(conversation.gone).toBeUndefined();
  });

  it('waits for a call that has just left the queue', async () => {
    let drained: Promise<void> | undefined;
    let over = false;
    const wrapCalls = (calls: CallStore): CallStore => ({
      ...calls,
      async transition(id, from, state, patch, event) {
        const moved = await calls.transition(id, from, state, patch, event);
        if (state === 'dialing') {
          drained = asterisk.harness.drain(60_000).then(() => {
            over = true;
          });
        }
        return moved;
      },
    });
    const { fake } = await start({ wrapCalls });
    fake.phone('+15557654321', { outcome: 'nothing' });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'ringing');
    expect(over).toBe(false);
    await asterisk.ended(drained ?? Promise.reject(new Error('nothing was dialled')));
    expect(await asterisk.call(placed)).toMatchObject({ state: 'no_answer' });
  });
});

describe('a server that stops at once', () => {
  it.each(MODES)('leaves nobody on a line (%s)', async (mode) => {
    const { fake, harness } = await start({ mode });
    fake.phone('+15557654321', { outcome: 'nothing' });
    const ringing = await asterisk.place();
    const talking = await asterisk.place('+15550000002');
    await asterisk.pass(1_000);
    await asterisk.reaches(ringing, 'ringing');
    await asterisk.talk(talking);
    await asterisk.ended(harness.scope.close('server_shutdown'));
    expect(await asterisk.call(ringing)).toMatchObject({ state: 'cancelled', reason: 'server_shutdown' });
    expect(await asterisk.call(talking)).toMatchObject({ state: 'completed', reason: 'server_shutdown' });
    // The dialplan goes on with its channel by itself.
    const left = mode === 'stasis' ? [] : [{ id: `rapida-${talking.id}-1` }];
    expect(fake.channels()).toMatchObject(left);
    expect(fake.bridges()).toEqual([]);
  });

  it('hangs up a telephone whose media has not come', async () => {
    const { fake, harness } = await start({ mode: 'stasis' });
    const media = { id: 'media', name: 'AudioSocket/x', state: 'Down' };
    fake.fail({ method: 'POST', path: '/channels/externalMedia' }, { status: 200, body: media });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'answered');
    await asterisk.ended(harness.scope.close('server_shutdown'));
    expect(fake.channels()).toEqual([]);
    expect(await asterisk.call(placed)).toMatchObject({ state: 'cancelled' });
  });
});
