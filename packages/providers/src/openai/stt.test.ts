import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { bytesToPcm16, decodeUlaw, peak, peakHz } from '@rapida/audio';
import { Secret, type SpeechToText, type SpeechToTextStream, silentLogger } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRecogniser } from '../engines.js';
import type { FakeConnection } from '../wire/testing/fake-sockets.js';
import { failureOf, nextFinal, nextOf, say as sayTo } from '../wire/testing/stream-reader.js';
import { FAKE_KEY } from './testing/fake-openai-realtime.js';
import { type OpenAiSubject, STALL_MS, startSubject } from './testing/subject.js';

let subject: OpenAiSubject;
let stream: SpeechToTextStream;
const abort = new AbortController();

beforeEach(async () => {
  subject = await startSubject();
});

afterEach(async () => {
  stream.close();
  await subject.close();
});

function open(stt: SpeechToText = subject.stt, options = {}): void {
  stream = stt.open({ language: 'de-CH', lineRateHz: 8_000, ...options }, abort.signal);
}

const connection = (): FakeConnection => subject.fake.sockets.connections[0] as FakeConnection;
const until = (done: () => boolean) => subject.fake.sockets.until(done);
const say = (ms: number) => sayTo(stream, ms);
const next = () => nextOf(stream);
const final = () => nextFinal(stream);
const failure = () => failureOf(stream);
const ofKind = (kind: string) => connection().messages.filter(({ type }) => type === kind);
const commits = (count: number) =>
  until(() => subject.fake.sockets.connections.length === 1 && ofKind('input_audio_buffer.commit').length === count);
const sound = () =>
  Buffer.concat(ofKind('input_audio_buffer.append').map(({ audio }) => Buffer.from(String(audio), 'base64')));

function segment(ms: number): void {
  say(ms);
  stream.endSegment();
}

function update(input: object) {
  return { type: 'session.update', session: { type: 'transcription', audio: { input } } };
}

const mini = (prompt: string) =>
  update({
    format: { type: 'audio/pcmu' },
    transcription: { model: 'gpt-4o-mini-transcribe', language: 'de', prompt },
    turn_detection: null,
  });

describe('the session', () => {
  it('belongs to an engine that is found by its name', async () => {
    const { fake, clock } = subject;
    const credential = { baseUrl: fake.baseUrl, apiKey: new Secret(FAKE_KEY) };
    const config = { provider: 'openai' as const, model: 'gpt-4o-mini-transcribe', keyTerms: [] };
    const found = await createRecogniser({ clock, logger: silentLogger, credential }, config);
    expect(found.provider).toBe('openai');
    open(found);
    segment(200);
    expect(await final()).toMatch(/^Hello world/);
  });

  it('is one of transcription, of mu-law, without the turns of the vendor', async () => {
    open(subject.sttOf({ keyTerms: ['Rapida'] }));
    segment(200);
    expect(await final()).toBe('Hello world.');
    expect(connection().path).toBe('/v1/realtime');
    expect(connection().headers.authorization).toMatch(/^Bearer sk-fake/);
    expect(ofKind('session.update')).toEqual([mini('Rapida')]);
  });

  it.each([
    ['gpt-live-transcribe', { keywords: ['Rapida'] }],
    ['gpt-realtime-whisper', {}],
    ['whisper-1', { prompt: 'Rapida' }],
  ])('guides %s as it can be guided', async (model, guidance) => {
    open(subject.sttOf({ model, keyTerms: ['Rapida', 'Rapida'] }), { lineRateHz: 16_000 });
    segment(200);
    expect(await final()).toBe('Hello world.');
    const format = { type: 'audio/pcm', rate: 24_000 };
    const transcription = { model, language: 'de', ...guidance };
    expect(ofKind('session.update')).toEqual([update({ format, transcription, turn_detection: null })]);
  });

  it('is told what is expected, only when it changed, and at a bounded length', async () => {
    open();
    stream.expect({ phrases: ['ja'], kind: 'phrases' });
    segment(100);
    await final();
    stream.expect({ phrases: ['ja'], kind: 'phrases' });
    stream.expect({ phrases: Array.from({ length: 500 }, (_, i) => `phrase ${i}`), kind: 'phrases' });
    segment(100);
    await final();
    const [first, second, ...rest] = ofKind('session.update');
    expect([first, rest]).toEqual([mini('ja'), []]);
    expect(JSON.stringify(second).length).toBeLessThan(1_100);
  });

  it('that is not configured in time is provider_timeout', async () => {
    subject.fake.updates = false;
    open();
    await until(() => subject.fake.sockets.connections.length === 1 && ofKind('session.update').length === 1);
    await subject.clock.advance(5_000);
    expect((await failure()).code).toBe('provider_timeout');
    await until(() => subject.clock.pendingTimers === 0);
  });
});

describe('sound', () => {
  it('of an 8 kHz line goes out as mu-law', async () => {
    open();
    segment(200);
    await final();
    expect(sound().length).toBe(200 * 8);
    expect(peak(decodeUlaw(sound()))).toBeGreaterThan(7_000);
  });

  it('of a wider line goes out linear, at 24 kHz', async () => {
    open(subject.stt, { lineRateHz: 16_000 });
    segment(400);
    await final();
    expect(sound().length).toBe(400 * 48);
    expect(Math.abs(peakHz(bytesToPcm16(sound()), 24_000) - 440)).toBeLessThan(3);
  });
});

describe('texts', () => {
  it('have partials once the segment is committed, then the final', async () => {
    open();
    segment(200);
    expect(await final()).toBe('Hello world.');
    stream.endSegment();
    expect(await final()).toBe('');
  });

  it('of a model that streams have partials while there is sound', async () => {
    subject.fake.isStreaming = true;
    open(subject.sttOf({ model: 'gpt-live-transcribe' }));
    say(200);
    expect(await next()).toEqual({ kind: 'partial', text: 'Hel' });
    stream.endSegment();
    expect(await final()).toBe('Hello world.');
  });

  it('are in the order of the segments, also when the second completes first', async () => {
    subject.fake.onCommit = 'swapped';
    open();
    segment(200);
    segment(200);
    expect([await final(), await final()]).toEqual(['Hello world. 1', 'Hello world. 2']);
  });

  it('come whatever the pieces, past kinds that are not known', async () => {
    open();
    await until(() => subject.fake.sockets.connections.length === 1);
    subject.fake.sockets.fragmentBytes = 1;
    connection().send({ type: 'rate_limits.updated' });
    connection().send({
      type: 'conversation.item.input_audio_transcription.completed',
      item_id: 'x',
      transcript: 'no',
    });
    connection().send({ type: 'input_audio_buffer.committed' });
    segment(200);
    expect(await final()).toBe('Hello world.');
  });
});

describe('short segments', () => {
  it('of less than 100 ms are not committed: an empty final in its place, and nothing left for the next', async () => {
    subject.fake.onCommit = 'swapped';
    open();
    segment(200);
    segment(80);
    segment(100);
    expect([await final(), await final(), await final()]).toEqual(['Hello world. 1', '', 'Hello world. 2']);
    expect(ofKind('input_audio_buffer.clear').length).toBe(1);
  });

  it('that the vendor finds empty have an empty final', async () => {
    subject.fake.onCommit = 'empty';
    open();
    segment(200);
    expect(await final()).toBe('');
    subject.fake.onCommit = 'answer';
    segment(200);
    expect(await final()).toBe('Hello world.');
  });

  it('that are dropped are taken out of the buffer and cost nothing', async () => {
    open();
    segment(100);
    await final();
    say(300);
    stream.dropSegment();
    segment(100);
    expect(await final()).toBe('Hello world.');
    expect([ofKind('input_audio_buffer.clear').length, ofKind('input_audio_buffer.commit').length]).toEqual([1, 2]);
  });
});

describe('failures', () => {
  it('of one transcription fail the stream, with their code and without the key', async () => {
    subject.fake.onCommit = 'failed';
    open();
    segment(200);
    const error = await failure();
    expect(error.code).toBe('provider_rate_limited');
    expect(inspect(error, { depth: 9 })).not.toContain('sk-fake');
    await until(() => subject.clock.pendingTimers === 0);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('of a model that does not exist are provider_rejected', async () => {
    open(subject.sttOf({ model: 'gpt-none' }));
    expect((await failure()).code).toBe('provider_rejected');
  });

  it('of a session that has expired may be tried again', async () => {
    subject.fake.onCommit = 'expired';
    open();
    segment(200);
    expect(await failure()).toMatchObject({ code: 'provider_unavailable', retryable: true });
  });

  it('of a commit that is not answered are provider_timeout', async () => {
    subject.fake.onCommit = 'nothing';
    open();
    segment(200);
    await commits(1);
    await subject.clock.advance(STALL_MS);
    expect((await failure()).code).toBe('provider_timeout');
    await until(() => subject.clock.pendingTimers === 0);
  });

  it('of a connection that is cut are provider_unavailable', async () => {
    subject.fake.onCommit = 'cut';
    open();
    segment(200);
    expect((await failure()).code).toBe('provider_unavailable');
    await until(() => subject.clock.pendingTimers === 0);
  });

  it('of a wrong key are provider_auth, and it is quoted nowhere', async () => {
    open(subject.sttOf({}, 'sk-wrong-key'));
    const error = await failure();
    expect(error.code).toBe('provider_auth');
    expect(inspect(error, { depth: 9 })).not.toContain('sk-wrong-key');
  });

  it.each([
    [429, 'provider_rate_limited'],
    [500, 'provider_unavailable'],
  ])('of an upgrade refused with %i are %s', async (status, code) => {
    subject.fake.refusal = { status };
    open();
    expect((await failure()).code).toBe(code);
  });
});
