import { RATE_HZ, RapidaError } from '@rapida/core';
import { settle, VirtualClock } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { PIECE_SOUND_MS_MAX, SoundInbox } from './sound-inbox.js';
import type { PieceSound } from './spoken-pieces.js';

const SOUND: PieceSound = { type: 'audio', samples: new Int16Array(16) };
const WORDS: PieceSound = { type: 'words', words: [] };
const broken = new RapidaError('provider_unavailable', 'broken');

let clock: VirtualClock;
let inbox: SoundInbox;

beforeEach(() => {
  clock = new VirtualClock();
  inbox = new SoundInbox(clock, { answerMs: 400, stallMs: 200 });
});

async function read(): Promise<string[]> {
  const types: string[] = [];
  for await (const { type } of inbox) types.push(type);
  return types;
}

describe('an inbox of sound', () => {
  it('gives what came, in order, up to its end; nothing comes after that', async () => {
    inbox.push(SOUND);
    const reading = read();
    await settle();
    inbox.push(WORDS);
    inbox.push({ type: 'audio', samples: new Int16Array(0) });
    inbox.end();
    inbox.push(SOUND);
    inbox.fail(broken);
    expect(await reading).toEqual(['audio', 'words']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives what came before a failure, then the failure', async () => {
    inbox.push(SOUND);
    inbox.fail(broken);
    await inbox.begun();
    const events = inbox[Symbol.asyncIterator]();
    expect((await events.next()).value).toBe(SOUND);
    await expect(events.next()).rejects.toBe(broken);
  });

  it('has begun with the first event, or with its end; not with a failure', async () => {
    inbox.fail(broken);
    await expect(inbox.begun()).rejects.toBe(broken);
    const empty = new SoundInbox(clock, { answerMs: 400, stallMs: 200 });
    empty.end();
    await expect(empty.begun()).resolves.toBeUndefined();
  });

  it('is waited for as long as an answer may take', async () => {
    const late = expect(inbox.begun()).rejects.toMatchObject({ code: 'provider_timeout' });
    await clock.advance(400);
    await late;
    expect(inbox.failure?.code).toBe('provider_timeout');
    expect(clock.pendingTimers).toBe(0);
  });

  it('takes its time while nobody waits for it', async () => {
    inbox.push(SOUND);
    await inbox.begun();
    await clock.advance(10_000);
    const stalled = expect(read()).rejects.toMatchObject({ code: 'provider_timeout' });
    await clock.advance(200);
    await stalled;
    expect(clock.pendingTimers).toBe(0);
  });

  it('is over for whoever waits when it is let go, and forgets what it had', async () => {
    const reading = read();
    await settle();
    inbox.letGo();
    expect(await reading).toEqual([]);
    const full = new SoundInbox(clock, { answerMs: 400, stallMs: 200 });
    full.push(SOUND);
    full.letGo();
    expect((await full[Symbol.asyncIterator]().next()).done).toBe(true);
    await full.over;
  });

  it('fails when there is too much for one piece', async () => {
    const second: PieceSound = { type: 'audio', samples: new Int16Array(RATE_HZ) };
    for (let ms = 0; ms <= PIECE_SOUND_MS_MAX; ms += 1_000) inbox.push(second);
    await expect(read()).rejects.toMatchObject({ code: 'provider_protocol' });
  });
});
