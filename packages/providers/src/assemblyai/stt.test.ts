import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { decodeUlaw, peak } from '@rapida/audio';
import { Secret, type SpeechToText, type SpeechToTextStream, silentLogger } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRecogniser } from '../engines.js';
import type { FakeConnection } from '../wire/testing/fake-sockets.js';
import { failureOf, nextFinal, nextOf, say as sayTo } from '../wire/testing/stream-reader.js';
import { EMPTY_MS } from './stt.js';
import { FAKE_KEY } from './testing/fake-assemblyai.js';
import { type AssemblyAiSubject, STALL_MS, startSubject } from './testing/subject.js';

let subject: AssemblyAiSubject;
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
  stream = stt.open({ language: 'en-US', lineRateHz: 8_000, ...options }, abort.signal);
}

const connection = (): FakeConnection => subject.fake.sockets.connections[0] as FakeConnection;
const until = (done: () => boolean) => subject.fake.sockets.until(done);
const say = (ms: number) => sayTo(stream, ms);
const next = () => nextOf(stream);
const final = () => nextFinal(stream);
const failure = () => failureOf(stream);
const kinds = () => connection().messages.map(({ type }) => type);
const ends = (count: number) => until(() => kinds().filter((kind) => kind === 'ForceEndpoint').length === count);

function segment(ms: number): void {
  say(ms);
  stream.endSegment();
}

describe('the session', () => {
  it('belongs to an engine that is found by its name', async () => {
    const { fake, clock } = subject;
    const credential = { baseUrl: fake.baseUrl, apiKey: new Secret(FAKE_KEY) };
    const config = { provider: 'assemblyai' as const, model: 'universal-streaming-english', keyTerms: [] };
    const found = await createRecogniser({ clock, logger: silentLogger, credential }, config);
    expect(found.provider).toBe('assemblyai');
    open(found);
    segment(200);
    expect(await final()).toMatch(/^Hello world/);
  });

  it('is asked for when the stream is opened, with the turns of the vendor as far off as they go', async () => {
    open(subject.sttOf({ keyTerms: ['Rapida', 'x'.repeat(60)] }));
    await until(() => subject.fake.sockets.connections.length === 1);
    expect(connection().headers.authorization).toMatch(/^aai-fake/);
    expect(Object.fromEntries(connection().query)).toEqual({
      speech_model: 'universal-streaming-english',
      sample_rate: '8000',
      encoding: 'pcm_mulaw',
      format_turns: 'false',
      end_of_turn_confidence_threshold: '1',
      min_turn_silence: '5000',
      max_turn_silence: '5000',
      keyterms_prompt: '["Rapida"]',
    });
  });

  it.each([
    ['universal-streaming-english', 'fr-CH', 'universal-streaming-multilingual'],
    ['universal-streaming-english', 'en', 'universal-streaming-english'],
    ['u3-rt-pro', 'fr-CH', 'u3-rt-pro'],
  ])('of the model %s for %s is one of %s', async (model, language, expected) => {
    open(subject.sttOf({ model }), { language });
    await until(() => subject.fake.sockets.connections.length === 1);
    expect(connection().query.get('speech_model')).toBe(expected);
  });

  it('takes no sound before it has begun', async () => {
    subject.fake.begins = false;
    open();
    segment(300);
    await until(() => subject.fake.sockets.connections.length === 1 && subject.clock.pendingTimers === 1);
    expect(connection().soundBytes).toEqual([]);
    connection().send({ type: 'Begin', id: 'x', expires_at: 1 });
    expect(await final()).toBe('Hello world');
  });

  it('that does not begin is provider_timeout', async () => {
    subject.fake.begins = false;
    open();
    await until(() => subject.fake.sockets.connections.length === 1);
    await subject.clock.advance(10_000);
    expect((await failure()).code).toBe('provider_timeout');
    await until(() => subject.clock.pendingTimers === 0);
  });

  it('is terminated when the stream is closed, because it is charged by its length', async () => {
    open();
    segment(100);
    await final();
    stream.close();
    expect(await connection().closed).toBe(1000);
    expect(kinds().at(-1)).toBe('Terminate');
    await until(() => subject.clock.pendingTimers === 0);
  });
});

describe('sound', () => {
  it('of an 8 kHz line goes out as mu-law in pieces of 60 ms, the last filled up', async () => {
    open();
    segment(200);
    await final();
    expect(connection().soundBytes).toEqual(Array(4).fill(480));
    expect(peak(decodeUlaw(connection().sound()))).toBeGreaterThan(7_000);
    expect([...connection().sound().subarray(-320)]).toEqual(Array(320).fill(0xff));
  });

  it('of a wider line goes out linear, at 16 kHz', async () => {
    open(subject.stt, { lineRateHz: 48_000 });
    segment(60);
    await final();
    expect([connection().query.get('encoding'), connection().query.get('sample_rate')]).toEqual(['pcm_s16le', '16000']);
    expect(connection().soundBytes).toEqual([1_920]);
  });
});

describe('what is expected', () => {
  const update = (terms: string[]) => ({ type: 'UpdateConfiguration', keyterms_prompt: terms });

  it('is told in the running session, after the configured terms, and only when it changed', async () => {
    open(subject.sttOf({ keyTerms: ['Rapida'] }));
    stream.expect({ phrases: ['yes'], kind: 'phrases' });
    segment(100);
    await final();
    stream.expect({ phrases: ['yes'], kind: 'phrases' });
    stream.expect({ phrases: ['Rapida'], kind: 'phrases' });
    segment(100);
    await final();
    const updates = connection().messages.filter(({ type }) => type === 'UpdateConfiguration');
    expect(updates).toEqual([update(['Rapida', 'yes']), update(['Rapida'])]);
  });

  it('is at most what the vendor takes', async () => {
    open();
    stream.expect({
      phrases: ['x'.repeat(51), ...Array.from({ length: 150 }, (_, i) => `term ${i}`)],
      kind: 'phrases',
    });
    segment(100);
    await final();
    const [{ keyterms_prompt: terms } = {}] = connection().messages;
    expect([(terms as string[]).length, (terms as string[])[0]]).toEqual([100, 'term 0']);
  });
});

describe('texts', () => {
  it('are partials with words that may change, then the final of the turn', async () => {
    open();
    say(300);
    expect(await next()).toEqual({ kind: 'partial', text: 'Hello' });
    stream.endSegment();
    expect(await next()).toEqual({ kind: 'final', text: 'Hello world' });
  });

  it('of a turn that the vendor repeats formatted are told once', async () => {
    subject.fake.onForceEndpoint = 'formatted';
    open();
    segment(100);
    expect(await final()).toBe('Hello world');
    segment(100);
    expect(await final()).toBe('Hello world');
  });

  it('of turns that the vendor ended by itself are joined', async () => {
    open();
    say(300);
    await next();
    const words = [{ text: 'Well', start: 0, end: 100 }];
    connection().send({ type: 'Turn', turn_order: 0, end_of_turn: true, transcript: 'Well', words });
    expect(await next()).toEqual({ kind: 'partial', text: 'Well' });
    stream.endSegment();
    await ends(1);
    // The fake does not know that its turn 0 is over.
    connection().send({ type: 'Turn', turn_order: 1, end_of_turn: true, transcript: 'hello world', words: [] });
    expect(await final()).toBe('Well hello world');
  });

  it('come whatever the pieces, past kinds that are not known and turns that are malformed', async () => {
    subject.fake.hasPartials = false;
    open();
    await until(() => subject.fake.sockets.connections.length === 1);
    subject.fake.sockets.fragmentBytes = 1;
    connection().send({ type: 'SpeechStarted', timestamp: 1 });
    connection().send({ type: 'SomethingNew' });
    connection().send({ type: 'Turn', words: [null, { text: 3 }, 'x'], transcript: 4 });
    segment(100);
    expect(await final()).toBe('Hello world');
  });
});

describe('a `ForceEndpoint` that is not answered', () => {
  it('is an empty final after a while, where no word was heard', async () => {
    Object.assign(subject.fake, { onForceEndpoint: 'nothing', hasPartials: false });
    open();
    segment(300);
    await until(() => subject.fake.sockets.connections.length === 1);
    await ends(1);
    await subject.clock.advance(EMPTY_MS);
    expect(await next()).toEqual({ kind: 'final', text: '' });
  });

  it('does not give its late answer to the next segment', async () => {
    Object.assign(subject.fake, { onForceEndpoint: 'nothing', hasPartials: false });
    open();
    segment(300);
    await until(() => subject.fake.sockets.connections.length === 1);
    await ends(1);
    await subject.clock.advance(EMPTY_MS);
    segment(300);
    await ends(2);
    const turn = (turn_order: number, end: number, transcript: string) =>
      connection().send({
        type: 'Turn',
        turn_order,
        end_of_turn: true,
        transcript,
        words: [{ text: 'x', start: 0, end }],
      });
    turn(0, 280, 'late');
    turn(1, 590, 'in time');
    expect([await next(), await final()]).toEqual([{ kind: 'final', text: '' }, 'in time']);
  });

  it('is a stall where words are open', async () => {
    subject.fake.onForceEndpoint = 'nothing';
    open();
    segment(300);
    await until(() => subject.fake.sockets.connections.length === 1);
    await ends(1);
    expect(await next()).toEqual({ kind: 'partial', text: 'Hello' });
    await subject.clock.advance(STALL_MS);
    expect((await failure()).code).toBe('provider_timeout');
    await until(() => subject.clock.pendingTimers === 0);
  });
});

describe('failures', () => {
  it.each([
    [3005, 'provider_unavailable'],
    [3006, 'provider_rejected'],
    [3007, 'provider_rejected'],
    [3008, 'provider_unavailable'],
    [3009, 'provider_rate_limited'],
    [1008, 'provider_auth'],
    [4242, 'provider_unavailable'],
  ])('an `Error` %i is %s', async (errorCode, code) => {
    subject.fake.error = { code: errorCode, text: 'Something of theirs' };
    open();
    segment(100);
    expect((await failure()).code).toBe(code);
    await until(() => subject.clock.pendingTimers === 0);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('a close code alone says the same', async () => {
    open();
    await until(() => subject.fake.sockets.connections.length === 1);
    connection().close(3009);
    expect((await failure()).code).toBe('provider_rate_limited');
  });

  it('a wrong key is provider_auth and quoted nowhere', async () => {
    open(subject.sttOf({}, 'aai-wrong-key'));
    const error = await failure();
    expect(error.code).toBe('provider_auth');
    expect(inspect(error, { depth: 9 })).not.toContain('aai-wrong-key');
  });

  it.each([
    [401, 'provider_auth'],
    [429, 'provider_rate_limited'],
    [503, 'provider_unavailable'],
  ])('an upgrade refused with %i is %s', async (status, code) => {
    subject.fake.refusal = { status };
    open();
    expect((await failure()).code).toBe(code);
  });

  it('a connection that is cut is provider_unavailable', async () => {
    subject.fake.onForceEndpoint = 'cut';
    open();
    segment(100);
    expect((await failure()).code).toBe('provider_unavailable');
    await until(() => subject.clock.pendingTimers === 0);
  });

  it('a message that is not JSON is provider_protocol', async () => {
    open();
    await until(() => subject.fake.sockets.connections.length === 1);
    connection().sendRaw('OK');
    expect((await failure()).code).toBe('provider_protocol');
  });
});
