import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { Code } from '@connectrpc/connect';
import { FRAME_SAMPLES, type SpeechToText, type SpeechToTextStream, type Transcript } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExplicitDecodingConfig_AudioEncoding as Encoding } from '../../proto/gen/google/cloud/speech/v2/cloud_speech_pb.js';
import { when } from '../wire/testing/when.js';
import { STREAM_MS_MAX } from './recognition.js';
import { KEEP_WARM_MS } from './speech-connection.js';
import { PHRASES_MAX } from './stt.js';
import { ACCOUNT, ANSWER_MS, type SpeechSubject, startSubject } from './testing/subject.js';

let subject: SpeechSubject;
let stream: SpeechToTextStream;

beforeEach(async () => {
  subject = await startSubject();
  stream = openOf(subject.stt);
});

afterEach(async () => {
  stream.close();
  await subject.close();
  expect(subject.clock.pendingTimers).toBe(0);
});

function openOf(stt: SpeechToText, lineRateHz = 8_000): SpeechToTextStream {
  return stt.open({ language: 'de-CH', lineRateHz }, new AbortController().signal);
}

function reopen(stt: SpeechToText, lineRateHz = 8_000): void {
  stream.close();
  stream = openOf(stt, lineRateHz);
}

function write(frames: number): void {
  for (let i = 0; i < frames; i++) stream.write({ samples: new Int16Array(FRAME_SAMPLES).fill(1_000), atMs: i * 20 });
}

function segment(frames = 10): void {
  write(frames);
  stream.endSegment();
}

async function next(): Promise<Transcript | 'end'> {
  const result = await stream[Symbol.asyncIterator]().next();
  return result.done ? 'end' : result.value;
}

async function final(): Promise<string> {
  for (;;) {
    const transcript = await next();
    if (transcript === 'end') return 'end';
    if (transcript.kind === 'final') return transcript.text;
  }
}

function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

describe('a stream of Google', () => {
  it('is asked for mu-law of 8 kHz, the model, the language and what is expected, without a recognizer of its own', async () => {
    stream.expect({ phrases: ['Gotthard', 'Rapida'], kind: 'phrases' });
    segment(25);
    expect(await final()).toBe('Hello world.');
    const { config, recognizer, sound } = subject.fake.streams[0]!;
    expect(recognizer).toBe(`projects/${ACCOUNT.projectId}/locations/global/recognizers/_`);
    expect(config).toMatchObject({ model: 'telephony', languageCodes: ['de-CH'] });
    expect(config?.features).toBeUndefined();
    const decoding = { encoding: Encoding.MULAW, sampleRateHertz: 8_000, audioChannelCount: 1 };
    expect(config?.decodingConfig.value).toMatchObject(decoding);
    const sets = config?.adaptation?.phraseSets.map(({ value }) => value.value?.phrases.map((phrase) => phrase.value));
    expect(sets).toEqual([['Rapida', 'Gotthard']]);
    expect(sound().length).toBe(25 * 160);
  });

  it('is asked for linear PCM where the line has more than 8 kHz, and for punctuation where it is wanted', async () => {
    reopen(subject.sttOf({ punctuation: true, keyTerms: [] }), 16_000);
    segment(2);
    await final();
    const { config, sound } = subject.fake.streams[0]!;
    expect(config?.decodingConfig.value).toMatchObject({ encoding: Encoding.LINEAR16, sampleRateHertz: 16_000 });
    expect(config?.features?.enableAutomaticPunctuation).toBe(true);
    expect(config?.adaptation).toBeUndefined();
    expect(sound().length).toBe(2 * 640);
  });

  it('has the hints of when its segment began, and no more of them than Google takes', async () => {
    write(1);
    await subject.fake.arrived(1);
    const many = Array.from({ length: PHRASES_MAX + 9 }, (_, i) => `phrase ${i}`);
    stream.expect({ phrases: ['a'.repeat(101), ...many], kind: 'phrases' });
    segment(1);
    segment(1);
    await final();
    await final();
    const counts = subject.fake.streams.map(
      ({ config }) => config?.adaptation?.phraseSets[0]?.value.value?.phrases.length,
    );
    expect(counts).toEqual([1, PHRASES_MAX]);
  });

  it('is on the one connection that was made before there was sound', async () => {
    await when(() => subject.fake.connections === 1);
    segment();
    segment();
    expect([await final(), await final()]).toEqual(['Hello world.', 'Hello world.']);
    expect([subject.fake.connections, subject.fake.streams.length]).toEqual([1, 2]);
  });

  it('gets the sound while the segment runs, and gives partials with it', async () => {
    write(10);
    const texts: string[] = [];
    // Of partials that come together only the newest is read.
    for await (const { kind, text } of stream) {
      expect(kind).toBe('partial');
      if (texts.push(text) === 2 || text === 'hello world') break;
    }
    expect(texts.at(-1)).toBe('hello world');
    stream.endSegment();
    expect(await final()).toBe('Hello world.');
  });

  it('may settle its text in several finals: they are one of the segment', async () => {
    subject.fake.script({ early: 'to be or not to be', finals: [' that is', ' the question'] });
    segment();
    expect(await final()).toBe('to be or not to be that is the question');
  });

  it('may say more than fits into a segment: the rest is forgotten', async () => {
    const late = gate();
    subject.fake.script(
      { finals: ['one'], after: late.passed },
      { finals: Array.from({ length: 30 }, () => 'x'.repeat(5_000)) },
    );
    segment();
    await subject.fake.arrived(1);
    segment();
    await subject.fake.arrived(2);
    await subject.fake.streams[1]?.over;
    late.open();
    expect(await final()).toBe('one');
    expect((await final()).length).toBeLessThan(101_000);
  });

  it('may say nothing at all: the final is empty', async () => {
    subject.fake.script({ finals: [] });
    segment();
    expect(await final()).toBe('');
  });

  it('may answer after a later one: finals come in the order of the segments', async () => {
    const late = gate();
    subject.fake.script({ finals: ['one'], after: late.passed }, { finals: ['two'] });
    segment();
    await subject.fake.arrived(1);
    segment();
    await subject.fake.arrived(2);
    await subject.fake.streams[1]?.over;
    late.open();
    expect([await final(), await final()]).toEqual(['one', 'two']);
  });

  it('goes on in another one before it is five minutes long, within the same segment', async () => {
    subject.fake.script({ finals: ['a long'] }, { finals: ['story'] });
    const frames = STREAM_MS_MAX / 20;
    for (let written = 0; written < frames; written += 500) {
      write(500);
      await subject.fake.arrived(1);
      await when(() => subject.fake.streams[0]?.sound().length === (written + 500) * 160);
    }
    segment(3);
    expect(await final()).toBe('a long story');
    expect(subject.fake.streams.map(({ sound }) => sound().length)).toEqual([frames * 160, 3 * 160]);
    expect(subject.dropped.ms).toBe(0);
  });

  it('goes on in another one when Google ended it early', async () => {
    subject.fake.script({ early: 'first half', endsEarly: true }, { finals: ['second half'] });
    write(5);
    expect(await next()).toEqual({ kind: 'partial', text: 'first half' });
    await when(() => {
      write(1);
      return subject.fake.streams.length === 2;
    });
    stream.endSegment();
    expect(await final()).toBe('first half second half');
  });

  it('is cut at Google when its segment is dropped, and only then', async () => {
    subject.fake.script({ finals: ['one'] }, { interim: [['two']], ending: 'stall' }, { finals: ['three'] });
    segment();
    await subject.fake.arrived(1);
    write(10);
    await subject.fake.arrived(2);
    stream.dropSegment();
    segment();
    expect([await final(), await final()]).toEqual(['one', 'three']);
    expect(await Promise.all(subject.fake.streams.map(({ over }) => over))).toEqual(['whole', 'cut', 'whole']);
  });

  it('is cut at Google when the caller hangs up', async () => {
    subject.fake.script({ ending: 'stall' });
    segment();
    await subject.fake.arrived(1);
    stream.close();
    expect(await subject.fake.streams[0]?.over).toBe('cut');
    expect(await next()).toBe('end');
  });
});

describe('a connection', () => {
  it('that Google closed in a silence is open again before the caller speaks', async () => {
    segment();
    await final();
    await subject.fake.cut();
    await subject.clock.advance(KEEP_WARM_MS);
    await when(() => subject.fake.connections === 2);
    segment();
    expect(await final()).toBe('Hello world.');
    expect(subject.fake.connections).toBe(2);
  });

  it('that nobody answers ends the stream after five seconds', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => void sockets.push(socket.on('error', () => {})));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // A handshake of TLS that never gets an answer.
    reopen(subject.sttOf({}, `https://127.0.0.1:${(server.address() as AddressInfo).port}`));
    const reading = expect(final()).rejects.toMatchObject({ code: 'provider_timeout' });
    await subject.clock.advance(5_000);
    await reading;
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('to nowhere ends the stream', async () => {
    await subject.close();
    reopen(subject.stt);
    await expect(final()).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('keeps at most fifteen seconds while it is made, the oldest lost and counted', async () => {
    write(15_000 / 20 + 2);
    expect(subject.dropped.ms).toBe(40);
    stream.endSegment();
    expect(await final()).toBe('Hello world.');
    expect(subject.fake.streams[0]?.sound().length).toBe(15 * 8_000);
  });
});

describe('a failure', () => {
  it.each([
    [Code.InvalidArgument, 'provider_rejected', 'Google answered InvalidArgument: said so'],
    [Code.NotFound, 'provider_rejected', 'Google answered NotFound: said so'],
    [Code.PermissionDenied, 'provider_auth', 'Google answered PermissionDenied'],
    [Code.Unauthenticated, 'provider_auth', 'Google answered Unauthenticated'],
    [Code.ResourceExhausted, 'provider_rate_limited', 'Google answered ResourceExhausted'],
    [Code.DeadlineExceeded, 'provider_timeout', 'Google answered DeadlineExceeded'],
    [Code.Internal, 'provider_unavailable', 'Google answered Internal'],
    [Code.Unavailable, 'provider_unavailable', 'Google answered Unavailable'],
  ])('of code %i is %s', async (code, ours, message) => {
    subject.fake.script({ error: { code, message: 'said so' } });
    segment();
    await expect(final()).rejects.toMatchObject({ code: ours, message });
    expect(await next()).toBe('end');
  });

  it('inside a stream that began well comes after what was heard', async () => {
    const error = { code: Code.Internal, message: 'oops' };
    subject.fake.script({}, { interim: [['well']], finals: ['well'], error, ending: 'error-after-finals' });
    segment();
    expect(await final()).toBe('');
    segment();
    expect(await next()).toEqual({ kind: 'partial', text: 'well' });
    await expect(final()).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('is a connection that breaks in a segment', async () => {
    subject.fake.script({ ending: 'disconnect' });
    segment();
    await expect(final()).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('is an answer that does not come in time, counted from the end of the segment', async () => {
    subject.fake.script({ interim: [['well']], ending: 'stall' });
    write(10);
    expect(await next()).toEqual({ kind: 'partial', text: 'well' });
    await subject.clock.advance(2 * ANSWER_MS);
    stream.endSegment();
    const reading = expect(final()).rejects.toMatchObject({ code: 'provider_timeout' });
    await subject.clock.advance(ANSWER_MS);
    await reading;
    expect(await subject.fake.streams[0]?.over).toBe('cut');
  });

  it('is a model that is not there, in the words of Google', async () => {
    reopen(subject.sttOf({ model: 'unknown-model' }));
    segment();
    await expect(final()).rejects.toMatchObject({ code: 'provider_rejected', message: /unknown-model/ });
  });

  it('is a key of somebody else', async () => {
    const stranger = JSON.stringify({ ...JSON.parse(ACCOUNT.json), client_email: 'eve@acme-phone.iam' });
    reopen(subject.sttOf({}, undefined, stranger));
    segment();
    await expect(final()).rejects.toMatchObject({ code: 'provider_auth' });
  });

  it('is a credential without a service account, before anything is connected', async () => {
    stream.close();
    const connections = subject.fake.connections;
    reopen(subject.sttOf({}, undefined, 'hunter2'));
    segment();
    await expect(final()).rejects.toMatchObject({ code: 'provider_unconfigured' });
    expect(subject.fake.connections).toBe(connections);
  });
});
