import type { SpeechToText, SpeechToTextStream } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, nextFinal, nextOf, say } from '../wire/testing/stream-reader.js';
import { when } from '../wire/testing/when.js';
import { PHRASES_MAX } from './stt.js';
import { FAKE_KEY, hypothesis, phrase } from './testing/fake-recognition.js';
import { ANSWER_MS, type RecognitionSubject, startSubject } from './testing/subject.js';
import { LIFE_MS_MIN, RENEW_AGE_MS, RENEW_IDLE_MS } from './turn-connection.js';

let subject: RecognitionSubject;
let stream: SpeechToTextStream;

beforeEach(async () => {
  subject = await startSubject();
  stream = openOf(subject.stt);
});

afterEach(async () => {
  stream.close();
  await subject.close();
});

function openOf(stt: SpeechToText, lineRateHz = 8_000): SpeechToTextStream {
  return stt.open({ language: 'de-CH', lineRateHz }, new AbortController().signal);
}

function reopen(stt: SpeechToText, lineRateHz = 8_000): void {
  stream.close();
  stream = openOf(stt, lineRateHz);
}

function segment(ms = 200): void {
  say(stream, ms);
  stream.endSegment();
}

function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

describe('the connection', () => {
  it('is made before there is sound, with the key, for the language, and says once what it is', async () => {
    await when(() => subject.fake.connections[0]?.configs.length === 1);
    const [{ url, headers, configs }] = subject.fake.connections as [(typeof subject.fake.connections)[0]];
    expect(Object.fromEntries(url.searchParams)).toEqual({
      ...{ language: 'de-CH', format: 'simple', segmentationSilenceTimeoutMs: '5000' },
    });
    expect(headers['ocp-apim-subscription-key']).toBe(FAKE_KEY);
    segment();
    segment();
    expect([await nextFinal(stream), await nextFinal(stream)]).toEqual(['Hello world.', 'Hello world.']);
    expect([subject.fake.connections.length, configs.length]).toEqual([1, 1]);
    expect(configs[0]).toMatchObject({ context: { system: { name: 'rapida' }, os: { platform: 'Linux' } } });
  });

  it('is renewed in a silence, before Azure closes it', async () => {
    segment();
    await nextFinal(stream);
    await subject.clock.advance(RENEW_IDLE_MS);
    await when(() => subject.fake.connections.length === 2);
    expect(await subject.fake.connections[0]?.closed).toBe(1_000);
    segment();
    expect(await nextFinal(stream)).toBe('Hello world.');
    expect(subject.fake.connections.length).toBe(2);
  });

  it('is renewed after the turn that makes it old', async () => {
    for (let age = 0; age < RENEW_AGE_MS; age += 120_000) {
      expect(subject.fake.connections.length).toBeLessThan(2);
      segment();
      await nextFinal(stream);
      await subject.clock.advance(120_000);
    }
    segment();
    segment();
    expect([await nextFinal(stream), await nextFinal(stream)]).toEqual(['Hello world.', 'Hello world.']);
    expect(subject.fake.connections.length).toBe(2);
  });

  it('that Azure closes between two turns is opened again at once', async () => {
    segment();
    await nextFinal(stream);
    await subject.clock.advance(LIFE_MS_MIN);
    subject.fake.connections[0]?.close(1_000);
    await when(() => subject.fake.connections.length === 2);
    segment();
    expect(await nextFinal(stream)).toBe('Hello world.');
  });

  it('that Azure closes as soon as it is open ends the stream', async () => {
    await when(() => subject.fake.connections.length === 1);
    subject.fake.connections[0]?.close(1_011);
    expect((await failureOf(stream)).code).toBe('provider_unavailable');
    expect(subject.fake.connections.length).toBe(1);
  });

  it.each([
    [401, 'provider_auth'],
    [403, 'provider_auth'],
    [404, 'provider_rejected'],
    [429, 'provider_rate_limited'],
    [503, 'provider_unavailable'],
  ])('that is refused with %i ends the stream with %s, and not a word of the answer', async (status, code) => {
    subject.fake.refuseWith(status);
    reopen(subject.stt);
    const failure = await failureOf(stream);
    expect(failure.code).toBe(code);
    expect(failure.message).not.toContain(FAKE_KEY);
  });

  it('with another key ends the stream', async () => {
    reopen(subject.sttOf([], 'wrong'));
    expect((await failureOf(stream)).code).toBe('provider_auth');
  });

  it('that is not answered in time ends the stream', async () => {
    subject.fake.refuseWith(0);
    reopen(subject.stt);
    const failing = failureOf(stream);
    await subject.clock.advance(ANSWER_MS);
    expect((await failing).code).toBe('provider_timeout');
  });
});

describe('a turn', () => {
  it('is of one segment, in mu-law of 8 kHz, with what is expected from then on', async () => {
    reopen(subject.sttOf(['Rapida']));
    stream.expect({ phrases: ['Gotthard', 'Rapida'], kind: 'phrases' });
    segment(500);
    await nextFinal(stream);
    const { context, header, sound } = subject.fake.turns[0]!;
    expect(context).toEqual({
      phraseDetection: {
        mode: 'Conversation',
        conversation: { segmentation: { mode: 'Custom', segmentationSilenceTimeoutMs: 5_000 } },
      },
      dgi: { groups: [{ type: 'Generic', items: [{ text: 'Rapida' }, { text: 'Gotthard' }] }], bias: 1 },
    });
    expect([header.readUInt16LE(20), header.readUInt32LE(24)]).toEqual([7, 8_000]);
    expect(sound().length).toBe(500 * 8);
  });

  it('is in linear PCM where the line has more than 8 kHz, and lists no phrases where there are none', async () => {
    reopen(subject.stt, 16_000);
    segment(100);
    await nextFinal(stream);
    const { context, header, sound } = subject.fake.turns[0]!;
    expect(context).not.toHaveProperty('dgi');
    expect([header.readUInt16LE(20), header.readUInt32LE(24)]).toEqual([1, 16_000]);
    expect(sound().length).toBe(100 * 32);
  });

  it('lists no more phrases than Azure takes', async () => {
    stream.expect({ phrases: Array.from({ length: PHRASES_MAX + 9 }, (_, i) => `phrase ${i}`), kind: 'phrases' });
    segment();
    await nextFinal(stream);
    const { dgi } = subject.fake.turns[0]!.context as { dgi: { groups: [{ items: unknown[] }] } };
    expect(dgi.groups[0].items.length).toBe(PHRASES_MAX);
  });

  it('brings partials while its segment runs', async () => {
    say(stream, 200);
    expect(await nextOf(stream)).toEqual({ kind: 'partial', text: 'hello' });
    stream.endSegment();
    expect(await nextFinal(stream)).toBe('Hello world.');
  });

  it('may bring several phrases: they are one final', async () => {
    subject.fake.script({ during: [phrase('To be,'), hypothesis('or')], atEnd: [phrase('or not to be.')] });
    segment();
    expect(await nextFinal(stream)).toBe('To be, or not to be.');
  });

  it.each(['NoMatch', 'InitialSilenceTimeout', 'BabbleTimeout', 'EndOfDictation', 'SomethingNew'])(
    'that ends with %s has an empty final',
    async (status) => {
      subject.fake.script({ atEnd: [phrase('', status)] });
      segment();
      expect(await nextFinal(stream)).toBe('');
    },
  );

  it('begins only when the one before it is over: its sound waits', async () => {
    const late = gate();
    subject.fake.script({ atEnd: [phrase('one')], after: late.passed }, { atEnd: [phrase('two')] });
    segment();
    await when(() => subject.fake.turns[0]?.isEnded === true);
    segment(300);
    say(stream, 100);
    expect(subject.fake.turns.length).toBe(1);
    late.open();
    expect([await nextFinal(stream), await nextFinal(stream)]).toEqual(['one', 'two']);
    await when(() => subject.fake.turns.length === 3);
    stream.endSegment();
    expect(await nextFinal(stream)).toBe('Hello world.');
    expect(subject.fake.turns.map(({ sound }) => sound().length)).toEqual([1_600, 2_400, 800]);
  });

  it('that waits keeps fifteen seconds of sound: what is more is lost and counted', async () => {
    subject.fake.script({ ending: 'stall' });
    segment();
    await when(() => subject.fake.turns[0]?.isEnded === true);
    say(stream, 15_060);
    expect(subject.dropped.ms).toBe(60);
  });

  it('that Azure ends by itself goes on in another one, within the same segment', async () => {
    subject.fake.script({ during: [phrase('First half,')], endsEarly: true }, { atEnd: [phrase('second half.')] });
    say(stream, 100);
    expect(await nextOf(stream)).toEqual({ kind: 'partial', text: 'First half,' });
    await when(() => {
      say(stream, 20);
      return subject.fake.turns.length === 2;
    });
    stream.endSegment();
    expect(await nextFinal(stream)).toBe('First half, second half.');
  });

  it('that Azure ended by itself is the last of a segment that ends without more sound', async () => {
    subject.fake.script({ during: [phrase('All of it.')], endsEarly: true });
    say(stream, 20);
    expect(await nextOf(stream)).toEqual({ kind: 'partial', text: 'All of it.' });
    // The one that watches the silence between turns.
    await when(() => subject.clock.pendingTimers === 1);
    stream.endSegment();
    expect(await nextFinal(stream)).toBe('All of it.');
  });

  it('of a dropped segment is ended at Azure, and what it brings is forgotten', async () => {
    subject.fake.script({ atEnd: [hypothesis('no'), phrase('No.')] }, { atEnd: [phrase('Yes.')] });
    say(stream, 100);
    await when(() => subject.fake.turns.length === 1);
    stream.dropSegment();
    segment();
    const texts: string[] = [];
    for await (const { kind, text } of stream) {
      texts.push(text);
      if (kind === 'final') break;
    }
    expect([...new Set(texts)]).toEqual(['Yes.']);
    expect(subject.fake.turns[0]?.isEnded).toBe(true);
  });

  it('of a segment that is dropped while it waits is never begun', async () => {
    const late = gate();
    subject.fake.script({ atEnd: [phrase('one')], after: late.passed });
    segment();
    await when(() => subject.fake.turns[0]?.isEnded === true);
    say(stream, 100);
    stream.dropSegment();
    late.open();
    expect(await nextFinal(stream)).toBe('one');
    segment(40);
    expect(await nextFinal(stream)).toBe('Hello world.');
    expect(subject.fake.turns.map(({ sound }) => sound().length)).toEqual([1_600, 320]);
  });

  it('passes over what it does not know and what belongs to another turn', async () => {
    const stranger = 'X-RequestId:ffffffffffffffffffffffffffffffff\r\nPath:turn.end\r\n\r\n';
    const atEnd = [['speech.keyword', { a: 1 }], ['raw', stranger], phrase('Well.')] as const;
    subject.fake.script({ during: [['something.new', 'not JSON']], atEnd });
    segment();
    expect(await nextFinal(stream)).toBe('Well.');
  });
});

describe('a failure', () => {
  it.each([
    ['Error', 'provider_unavailable'],
    ['TooManyRequests', 'provider_rate_limited'],
    ['BadRequest', 'provider_rejected'],
    ['Forbidden', 'provider_rate_limited'],
  ])('is a phrase of status %s: %s', async (status, code) => {
    subject.fake.script({ atEnd: [phrase('', status)] });
    segment();
    expect((await failureOf(stream)).code).toBe(code);
    expect(await nextOf(stream)).toBe('end');
  });

  it.each([
    [1_002, 'provider_protocol'],
    [1_007, 'provider_rejected'],
    [1_011, 'provider_unavailable'],
    [1_000, 'provider_unavailable'],
  ])('is a connection that Azure closes with %i inside a turn: %s', async (closeCode, code) => {
    subject.fake.script({ ending: { closeCode, reason: `Quota exceeded ${FAKE_KEY}` } });
    segment();
    const failure = await failureOf(stream);
    expect(failure.code).toBe(code);
    expect(failure.message).not.toContain(FAKE_KEY);
  });

  it('is a connection that breaks inside a turn, after what was heard before', async () => {
    subject.fake.script({ atEnd: [phrase('one')] }, { ending: 'cut' });
    segment();
    segment();
    expect(await nextFinal(stream)).toBe('one');
    expect((await failureOf(stream)).code).toBe('provider_unavailable');
  });

  it('is an end that is not answered in time, counted from the end', async () => {
    subject.fake.script({ during: [hypothesis('well')], ending: 'stall' });
    say(stream, 100);
    expect(await nextOf(stream)).toEqual({ kind: 'partial', text: 'well' });
    await subject.clock.advance(2 * ANSWER_MS);
    stream.endSegment();
    const failing = failureOf(stream);
    await subject.clock.advance(ANSWER_MS);
    expect((await failing).code).toBe('provider_timeout');
  });

  it.each([
    ['a phrase that is not JSON', ['speech.phrase', '{"RecognitionStatus":']],
    ['a message without a path', ['raw', 'hello']],
  ] as const)('is %s', async (_, said) => {
    subject.fake.script({ during: [said] });
    segment();
    expect((await failureOf(stream)).code).toBe('provider_protocol');
  });
});

it('leaves no timer when it is closed', async () => {
  segment();
  await nextFinal(stream);
  stream.close();
  expect(await subject.fake.connections[0]?.closed).toBe(1_000);
  await when(() => subject.clock.pendingTimers === 0);
});
