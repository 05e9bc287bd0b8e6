import { peakHz } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ANSWER_MS,
  collect,
  FAKE_KEY,
  failureOf,
  STALL_MS,
  samplesOf,
  speak,
  textOf,
  wordsOf,
} from '../wire/testing/speaking.js';
import { chunkEvent, doneEvent, errorEvent, type FakeReply, halfSpeech, speech } from './testing/fake-replies.js';
import { type CartesiaSubject, startSubject } from './testing/subject.js';
import { IDLE_MS } from './tts.js';

let subject: CartesiaSubject;

beforeEach(async () => {
  subject = await startSubject();
});

afterEach(() => subject.close());

describe('a generation', () => {
  it('asks for 16 kHz PCM with times, whole, in the language of the assistant', async () => {
    await collect(speak(subject, ['Good morning.']));
    expect(subject.fake.orders).toEqual([
      {
        context_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        model_id: 'sonic-3.5',
        transcript: 'Good morning.',
        voice: { mode: 'id', id: subject.voice.voice },
        language: 'en',
        output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: 16_000 },
        add_timestamps: true,
        continue: false,
      },
    ]);
  });

  it('says a speed where it is not the usual one', async () => {
    await collect(speak({ ...subject, voice: { ...subject.voice, speed: 1.2 } }, ['Good morning.']));
    expect(subject.fake.orders[0]?.generation_config).toEqual({ speed: 1.2 });
  });

  it('is one at a time, each in a context of its own, and begun before the last one was heard', async () => {
    let finish = () => {};
    const after = new Promise<void>((resolve) => {
      finish = resolve;
    });
    subject.fake.script({ messages: halfSpeech() });
    const first = speak(subject, ['One.', 'Two.']);
    await first.next();
    await settle();
    expect(subject.fake.orders.length).toBe(1);
    await first.return?.();
    subject.fake.script({ messages: speech() }, { messages: speech(), after });
    const second = speak(subject, ['Three.', 'Four.']);
    await second.next();
    await subject.fake.until(() => subject.fake.orders.length === 3);
    finish();
    await collect(second);
    expect(new Set(subject.fake.orders.map((order) => order.context_id)).size).toBe(3);
  });
});

describe('sound and words', () => {
  it('are the same tone, and every word with its time in the piece', async () => {
    const events = await collect(speak(subject, ['Good day to', 'you']));
    const samples = Int16Array.from(samplesOf(events));
    expect(samples.length).toBe(RATE_HZ / 2);
    expect(Math.abs(peakHz(samples.subarray(1_000, 5_096), RATE_HZ) - 1_000)).toBeLessThan(5);
    const times = wordsOf(events).map(({ text, startMs, endMs }) => [text, Math.round(startMs), Math.round(endMs)]);
    expect(times).toEqual([
      ['Good', 0, 167],
      ['day', 167, 333],
      ['to', 333, 500],
    ]);
    expect(wordsOf(events, 1)).toEqual([{ text: 'you', startMs: 0, endMs: 500 }]);
  });

  it('are not disturbed by what nobody knows, or what belongs to nobody', async () => {
    const stranger = { context_id: 'another', transcript: '' };
    subject.fake.script({
      messages: (order) => [
        { type: 'flush_done', context_id: order.context_id, flush_id: 1 },
        { type: 'surprise' },
        chunkEvent(stranger, Uint8Array.of(1, 1)),
        errorEvent(stranger, 500, 'not yours'),
        { type: 'timestamps', context_id: order.context_id, word_timestamps: null },
        chunkEvent(order, Uint8Array.of(7, 0)),
        doneEvent(stranger),
        doneEvent(order),
        chunkEvent(order, Uint8Array.of(8, 0)),
      ],
    });
    const events = await collect(speak(subject, ['Hello']));
    expect(samplesOf(events)).toEqual([7]);
    expect(wordsOf(events)).toEqual([]);
  });
});

describe('the connection', () => {
  it('is made when the speaking begins, and once for all that follows', async () => {
    expect(subject.fake.connections).toBe(0);
    for (const text of ['One.', 'Two.', 'Three.']) await collect(speak(subject, [text]));
    expect(subject.fake.connections).toBe(1);
  });

  it('saves a later reply the wait for a slow one', async () => {
    await collect(speak(subject, ['One.']));
    // From here on nobody gets a new one.
    subject.fake.upgradeAfter = new Promise(() => {});
    expect(samplesOf(await collect(speak(subject, ['Two.']))).length).toBe(RATE_HZ / 2);
  });

  it('is kept through an interruption, whose late sound is nobody else’s', async () => {
    let finish = () => {};
    const after = new Promise<void>((resolve) => {
      finish = resolve;
    });
    subject.fake.script({ messages: halfSpeech() });
    const first = speak(subject, ['One.']);
    await first.next();
    await first.return?.();
    await subject.fake.until(() => subject.fake.cancelled.length === 1);
    subject.fake.script({
      after,
      messages: (order) => {
        const interrupted = { context_id: subject.fake.cancelled[0] ?? '', transcript: '' };
        return [chunkEvent(interrupted, Uint8Array.of(1, 1)), chunkEvent(order, Uint8Array.of(7, 0)), doneEvent(order)];
      },
    });
    const second = collect(speak(subject, ['Two.']));
    finish();
    expect(samplesOf(await second)).toEqual([7]);
    expect(subject.fake.connections).toBe(1);
  });

  it('is closed when nobody spoke for a while', async () => {
    await collect(speak(subject, ['One.']));
    expect(subject.fake.open).toBe(1);
    await subject.clock.advance(IDLE_MS);
    await subject.fake.until(() => subject.fake.open === 0);
    await collect(speak(subject, ['Two.']));
    expect(subject.fake.connections).toBe(2);
  });

  it('is made anew when the vendor cut the idle one, noticed or not', async () => {
    await collect(speak(subject, ['One.']));
    subject.fake.cutAll();
    await subject.fake.until(() => subject.fake.open === 0);
    await collect(speak(subject, ['Two.']));
    expect(subject.fake.connections).toBe(2);
  });

  it('that was kept is replaced once when it breaks under the first text, and not later', async () => {
    await collect(speak(subject, ['One.']));
    subject.fake.script({ messages: () => [], ending: 'disconnect' }, { messages: speech() });
    expect(samplesOf(await collect(speak(subject, ['Two.']))).length).toBe(RATE_HZ / 2);
    expect(subject.fake.connections).toBe(2);
    subject.fake.script({ messages: speech() }, { messages: () => [], ending: 'disconnect' });
    expect((await failureOf(speak(subject, ['Three.', 'Four.']))).code).toBe('provider_unavailable');
    expect(subject.fake.connections).toBe(2);
  });

  it('is one each for two that speak at once, of which one is kept', async () => {
    await Promise.all([collect(speak(subject, ['One.'])), collect(speak(subject, ['Two.']))]);
    expect(subject.fake.connections).toBe(2);
    await subject.fake.until(() => subject.fake.open === 1);
  });

  it('is given up at once when the signal is aborted while it is made', async () => {
    subject.fake.upgradeAfter = new Promise(() => {});
    const abort = new AbortController();
    const next = subject.tts.speak(textOf('One.'), subject.voice, abort.signal)[Symbol.asyncIterator]().next();
    await subject.fake.until(() => subject.fake.connections === 1);
    abort.abort();
    expect((await next).done).toBe(true);
    expect(subject.clock.pendingTimers).toBe(0);
  });
});

describe('failures', () => {
  const failing = (status: number): FakeReply => ({ messages: (order) => [errorEvent(order, status, 'no')] });

  it.each<[string, FakeReply, string]>([
    ['an unknown voice', failing(404), 'provider_rejected'],
    ['too many at once', failing(429), 'provider_rate_limited'],
    ['an error without a status', { messages: () => [{ type: 'error', done: true }] }, 'provider_unavailable'],
    ['a broken connection', { messages: halfSpeech(), ending: 'disconnect' }, 'provider_unavailable'],
    ['a message that is not JSON', { messages: () => ['sound'] }, 'provider_protocol'],
    ['JSON of another protocol', { messages: () => [{ kind: 'sound' }] }, 'provider_protocol'],
  ])('throws for %s, and begins anew', async (_, reply, code) => {
    subject.fake.script(reply);
    expect((await failureOf(speak(subject, ['Hello', 'you']))).code).toBe(code);
    expect(samplesOf(await collect(speak(subject, ['Hello']))).length).toBe(RATE_HZ / 2);
    expect(subject.fake.connections).toBe(2);
  });

  it.each([
    [401, 'provider_auth'],
    [429, 'provider_rate_limited'],
    [503, 'provider_unavailable'],
  ])('throws for an upgrade that is answered with %i', async (status, code) => {
    subject.fake.upgradeStatus = status;
    expect((await failureOf(speak(subject, ['Hello']))).code).toBe(code);
    expect(subject.clock.pendingTimers).toBe(0);
  });

  it('throws for a wrong key, and quotes no key', async () => {
    subject.fake.script({ messages: (order) => [errorEvent(order, 400, `bad ${FAKE_KEY}`)] });
    expect(String(await failureOf(speak(subject, ['Hello'])))).not.toContain(FAKE_KEY);
    const other = await startSubject('wrong-key-9');
    const failure = await failureOf(speak(other, ['Hello']));
    expect(failure.code).toBe('provider_auth');
    expect(String(failure)).not.toContain('wrong-key-9');
    await other.close();
  });

  it.each([
    ['the upgrade', ANSWER_MS],
    ['the first sound', ANSWER_MS],
    ['the next sound', STALL_MS],
  ])('times out by the clock when %s does not come', async (what, limitMs) => {
    if (what === 'the upgrade') subject.fake.upgradeAfter = new Promise(() => {});
    else subject.fake.script({ messages: what === 'the first sound' ? () => [] : halfSpeech() });
    const failure = failureOf(speak(subject, ['Hello']));
    if (what === 'the upgrade') await subject.fake.until(() => subject.fake.connections === 1);
    else await subject.fake.until(() => subject.fake.orders.length === 1);
    await waitUntilTimed(limitMs);
    expect((await failure).code).toBe('provider_timeout');
  });

  /** What the fake sent has to be there before time passes. */
  async function waitUntilTimed(limitMs: number): Promise<void> {
    await settle();
    await subject.clock.advance(limitMs);
    await subject.clock.advance(limitMs);
  }
});
