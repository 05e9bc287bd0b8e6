import { type CallStore, FINAL_STATES } from '@rapida/core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type AsteriskUnderTest,
  MODES,
  openAsterisk,
  startAsterisk,
  type UnderTestOptions,
} from '../testing/asterisk-under-test.js';
import { PROJECT } from '../testing/harness.js';

let asterisk: AsteriskUnderTest;

async function start(options: UnderTestOptions): Promise<AsteriskUnderTest> {
  asterisk = await startAsterisk(options);
  return asterisk;
}

afterEach(async () => {
  expect(await asterisk.close()).toEqual({ timers: 0, errors: [] });
});

const hangup = (id: string): Promise<void> => asterisk.harness.useCases.calls.hangup(PROJECT, id);
const CANCELLED = { state: 'cancelled', disconnectedBy: 'system', reason: 'hangup_requested' };

describe('a call that waits', () => {
  it('is taken out of the queue and never dialled', async () => {
    asterisk = await openAsterisk();
    const placed = await asterisk.place();
    await hangup(placed.id);
    expect(await asterisk.call(placed)).toMatchObject(CANCELLED);
    expect(await asterisk.eventTypes(placed)).toEqual(['call.failed']);
    await asterisk.harness.start();
    await asterisk.pass(5_000);
    expect(asterisk.originates()).toEqual([]);
    await expect(hangup(placed.id)).rejects.toMatchObject({ code: 'call_ended' });
  });

  it('can be cancelled in the moment in which it has left the queue', async () => {
    const asked: Promise<void>[] = [];
    const wrapCalls = (calls: CallStore): CallStore => ({
      ...calls,
      async transition(id, from, state, patch, event) {
        const moved = await calls.transition(id, from, state, patch, event);
        if (state === 'dialing') {
          // Whatever is read next takes as long as it takes to cancel.
          const { credentials } = asterisk.harness.stores;
          const read = credentials.get.bind(credentials);
          credentials.get = async (...which) => {
            await Promise.allSettled([...asked]);
            return read(...which);
          };
          asked.push(hangup(id));
        }
        return moved;
      },
    });
    await start({ wrapCalls });
    asterisk.fake.phone('+15557654321', { outcome: 'nothing' });
    const placed = await asterisk.place();
    await asterisk.pass(1_000);
    expect(await Promise.allSettled(asked)).toEqual([{ status: 'fulfilled', value: undefined }]);
    expect(await asterisk.reaches(placed, 'cancelled')).toMatchObject(CANCELLED);
    expect(asterisk.fake.channels()).toEqual([]);
  });
});

describe.each(MODES)('a call that is being dialled (%s)', (mode) => {
  it('stops ringing when it is cancelled', async () => {
    const { fake } = await start({ mode });
    fake.phone('+15557654321', { outcome: 'nothing' });
    const placed = await asterisk.place('+15557654321', { options: { attempts: 3, retryAfterSeconds: 5 } });
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'ringing');
    await hangup(placed.id);
    expect(await asterisk.reaches(placed, 'cancelled')).toMatchObject(CANCELLED);
    await asterisk.until(() => fake.channels().length === 0, 'the telephone is quiet');
    await asterisk.pass(20_000);
    expect(asterisk.originates()).toHaveLength(1);
  });

  it('does not ring at all where it is cancelled before Asterisk is there', async () => {
    asterisk = await openAsterisk({ mode });
    await asterisk.fake.stop();
    await asterisk.harness.start();
    const placed = await asterisk.place();
    await asterisk.pass(1_000);
    expect(await asterisk.call(placed)).toMatchObject({ state: 'dialing' });
    await hangup(placed.id);
    await asterisk.fake.start();
    await asterisk.pass(10_000);
    expect(await asterisk.call(placed)).toMatchObject(CANCELLED);
    expect(asterisk.originates()).toEqual([]);
  });

  it('is hung up when it is cancelled after the answer and before its sound', async () => {
    const { fake } = await start({ mode });
    asterisk.withoutMedia();
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'answered');
    await hangup(placed.id);
    expect(await asterisk.reaches(placed, 'cancelled')).toMatchObject(CANCELLED);
    await asterisk.until(() => fake.channels().length === 0 && fake.bridges().length === 0, 'all is gone');
  });

  it('ends by its session when it is connected', async () => {
    await start({ mode });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.talk(placed);
    await hangup(placed.id);
    expect(await asterisk.reaches(placed, 'completed')).toMatchObject({
      disconnectedBy: 'system',
      reason: 'hangup_requested',
    });
  });

  it('gives its place back, whenever it is cancelled', async () => {
    const { fake } = await start({ mode, callsMax: 1 });
    fake.phone('+15557654321', { outcome: 'nothing' });
    const first = await asterisk.place();
    const second = await asterisk.place('+15550000002');
    await asterisk.pass(250);
    await asterisk.reaches(first, 'ringing');
    expect((await asterisk.call(second)).state).toBe('queued');
    await hangup(first.id);
    await asterisk.pass(1_000);
    await asterisk.reaches(second, 'connected');
    expect(FINAL_STATES).toContain((await asterisk.call(first)).state);
  });
});

describe('a call in our Stasis application whose media does not come', () => {
  it('is hung up at once when it is cancelled', async () => {
    const { fake } = await start({ mode: 'stasis' });
    // Asterisk says yes, but its media channel never enters the application.
    const media = { id: 'media', name: 'AudioSocket/x', state: 'Down' };
    fake.fail({ method: 'POST', path: '/channels/externalMedia' }, { status: 200, body: media });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'answered');
    await hangup(placed.id);
    await asterisk.until(() => fake.channels().length === 0, 'the telephone is hung up');
    await asterisk.reaches(placed, 'cancelled');
  });
});
