import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { decodeUlaw, peak } from '@rapida/audio';
import { Secret, type SpeechToText, type SpeechToTextStream, silentLogger } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRecogniser } from '../engines.js';
import type { FakeConnection } from '../wire/testing/fake-sockets.js';
import { failureOf, nextFinal, nextOf, say as sayTo } from '../wire/testing/stream-reader.js';
import { EMPTY_MS, KEEP_ALIVE_MS } from './stt.js';
import { FAKE_KEY } from './testing/fake-deepgram.js';
import { type DeepgramSubject, STALL_MS, startSubject } from './testing/subject.js';

let subject: DeepgramSubject;
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

async function openWhole(stt?: SpeechToText, options?: object): Promise<void> {
  open(stt, options);
  await until(() => subject.fake.sockets.connections.length === 1);
}

const say = (ms: number) => sayTo(stream, ms);
const next = () => nextOf(stream);
const final = () => nextFinal(stream);
const failure = () => failureOf(stream);

function segment(ms: number): void {
  say(ms);
  stream.endSegment();
}

const kinds = () => connection().messages.map(({ type }) => type);

describe('the connection', () => {
  it('belongs to an engine that is found by its name', async () => {
    const { fake, clock } = subject;
    const credential = { baseUrl: fake.baseUrl, apiKey: new Secret(FAKE_KEY) };
    const config = { provider: 'deepgram' as const, model: 'nova-3', smartFormat: true, keyTerms: [] };
    const found = await createRecogniser({ clock, logger: silentLogger, credential }, config);
    expect(found.provider).toBe('deepgram');
    open(found);
    segment(200);
    expect(await final()).toMatch(/^Hello world/);
  });

  it('is asked for when the stream is opened, with all that the vendor needs to know', async () => {
    await openWhole(subject.sttOf({ keyTerms: ['Rapida', 'customer service'], smartFormat: false }));
    const { path, query, headers } = connection();
    expect(path).toBe('/v1/listen');
    expect(headers.authorization).toMatch(/^Token dg-fake/);
    expect([...query]).toEqual([
      ['model', 'nova-3'],
      ['language', 'en-US'],
      ['channels', '1'],
      ['encoding', 'mulaw'],
      ['sample_rate', '8000'],
      ['interim_results', 'true'],
      ['endpointing', 'false'],
      ['punctuate', 'true'],
      ['smart_format', 'false'],
      ['keyterm', 'Rapida'],
      ['keyterm', 'customer service'],
    ]);
  });

  it('gives older models their keywords', async () => {
    await openWhole(subject.sttOf({ model: 'nova-2-phonecall', keyTerms: ['Rapida'] }));
    expect(connection().query.getAll('keywords')).toEqual(['Rapida']);
    expect(connection().query.has('keyterm')).toBe(false);
  });

  it('is kept alive every 4 s, with sound or without, until the stream is closed', async () => {
    await openWhole();
    say(20);
    // The client knows that it is open.
    await until(() => connection().soundBytes.length === 1);
    await subject.clock.advance(10 * KEEP_ALIVE_MS);
    await until(() => connection().messages.length === 10);
    expect(new Set(kinds())).toEqual(new Set(['KeepAlive']));
    stream.close();
    expect(await connection().closed).toBe(1000);
    await until(() => subject.clock.pendingTimers === 0);
    expect(kinds().at(-1)).toBe('CloseStream');
  });

  it('does not get the key when an assistant names another server', async () => {
    const { fake, sttOf } = subject;
    const elsewhere = await startSubject();
    open(sttOf({ baseUrl: elsewhere.fake.baseUrl }));
    await elsewhere.fake.sockets.until(() => elsewhere.fake.sockets.handshakes.length === 1);
    expect(elsewhere.fake.sockets.handshakes[0]?.headers.authorization).toBeUndefined();
    expect(fake.sockets.handshakes).toEqual([]);
    expect((await failure()).code).toBe('provider_auth');
    await elsewhere.close();
  });
});

describe('sound', () => {
  it('of an 8 kHz line goes out as mu-law, frame by frame, also what was said while connecting', async () => {
    open();
    segment(300);
    expect(await final()).toBe('Hello world.');
    expect(connection().soundBytes).toEqual(Array(15).fill(160));
    expect(peak(decodeUlaw(connection().sound()))).toBeGreaterThan(7_000);
    expect(subject.dropped.ms).toBe(0);
  });

  it('of a wider line goes out linear, at 16 kHz', async () => {
    open(subject.stt, { lineRateHz: 16_000 });
    segment(100);
    await final();
    expect([connection().query.get('encoding'), connection().query.get('sample_rate')]).toEqual(['linear16', '16000']);
    expect(connection().soundBytes).toEqual(Array(5).fill(640));
  });
});

describe('texts', () => {
  it('are partials while there is sound, then the final after `Finalize`', async () => {
    await openWhole();
    say(300);
    expect(await next()).toEqual({ kind: 'partial', text: 'hello' });
    stream.endSegment();
    expect(await final()).toBe('Hello world.');
    expect(kinds()).toEqual(['Finalize']);
  });

  it('of several final results are joined', async () => {
    await openWhole();
    say(100);
    await until(() => connection().soundBytes.length === 5);
    const alternatives = [{ transcript: 'I said:' }];
    connection().send({ type: 'Results', start: 0, duration: 0.05, is_final: true, channel: { alternatives } });
    expect(await next()).toEqual({ kind: 'partial', text: 'I said:' });
    stream.endSegment();
    expect(await final()).toBe('I said: Hello world.');
  });

  it('are read whatever the pieces they come in, past kinds that are not known and results that are malformed', async () => {
    await openWhole();
    subject.fake.sockets.fragmentBytes = 1;
    connection().send({ type: 'Metadata', duration: 0 });
    connection().send({ type: 'SpeechStarted', channel: [0], timestamp: 0 });
    connection().send({ type: 'SomethingNew', text: 'no' });
    connection().send({ type: 'Results' });
    connection().send({ type: 'Results', is_final: true, channel: { alternatives: [{ transcript: 7 }] } });
    segment(100);
    expect(await final()).toBe('Hello world.');
  });
});

describe('a `Finalize` that is not answered', () => {
  it('ends the segment after a while, where all that was said has come', async () => {
    Object.assign(subject.fake, { onFinalize: 'nothing', hasInterims: false });
    await openWhole();
    say(2_000);
    await until(() => connection().soundBytes.length === 100);
    const channel = { alternatives: [{ transcript: 'I see.' }] };
    connection().send({ type: 'Results', start: 0, duration: 1.9, is_final: true, channel });
    expect(await next()).toEqual({ kind: 'partial', text: 'I see.' });
    stream.endSegment();
    await until(() => kinds().includes('Finalize'));
    await subject.clock.advance(EMPTY_MS);
    expect(await next()).toEqual({ kind: 'final', text: 'I see.' });
  });

  it('is an empty final of a short segment too, of which no result need have come', async () => {
    Object.assign(subject.fake, { onFinalize: 'nothing', hasInterims: false });
    await openWhole();
    segment(400);
    await until(() => kinds().includes('Finalize'));
    await subject.clock.advance(EMPTY_MS);
    expect(await next()).toEqual({ kind: 'final', text: '' });
  });

  it('does not give its late answer to the next segment', async () => {
    Object.assign(subject.fake, { onFinalize: 'nothing', hasInterims: false });
    await openWhole();
    segment(400);
    await until(() => kinds().includes('Finalize'));
    await subject.clock.advance(EMPTY_MS);
    segment(400);
    await until(() => connection().messages.filter(({ type }) => type === 'Finalize').length === 2);
    const result = (start: number, transcript: string) =>
      connection().send({
        ...{ type: 'Results', start, duration: 0.4, is_final: true, from_finalize: true },
        channel: { alternatives: [{ transcript }] },
      });
    result(0, 'late');
    result(0.4, 'in time');
    expect([await next(), await final()]).toEqual([{ kind: 'final', text: '' }, 'in time']);
  });

  it.each([
    ['a text is open', true],
    ['the vendor said nothing at all', false],
  ])('is a stall where %s', async (_, hasInterims) => {
    Object.assign(subject.fake, { onFinalize: 'nothing', hasInterims });
    await openWhole();
    segment(2_000);
    await until(() => kinds().includes('Finalize'));
    await subject.clock.advance(STALL_MS);
    expect((await failure()).code).toBe('provider_timeout');
    await until(() => subject.clock.pendingTimers === 0);
  });
});

describe('failures', () => {
  it.each([
    [400, 'provider_rejected'],
    [402, 'provider_rejected'],
    [429, 'provider_rate_limited'],
    [503, 'provider_unavailable'],
  ])('an upgrade refused with %i is %s', async (status, code) => {
    subject.fake.refusal = { status, body: { err_code: 'x', err_msg: 'y' } };
    open();
    segment(100);
    expect((await failure()).code).toBe(code);
    expect(subject.clock.pendingTimers).toBe(0);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('a wrong key is provider_auth and quoted nowhere', async () => {
    open(subject.sttOf({}, 'dg-wrong-key'));
    const error = await failure();
    expect(error.code).toBe('provider_auth');
    expect(inspect(error, { depth: 9 })).not.toContain('dg-wrong-key');
  });

  it('an unknown model is provider_rejected', async () => {
    open(subject.sttOf({ model: 'supernova' }));
    expect((await failure()).code).toBe('provider_rejected');
  });

  it.each([
    ['cut', 'provider_unavailable'],
    ['close', 'provider_unavailable'],
    ['error', 'provider_unavailable'],
  ] as const)('an end inside the stream by %s is %s', async (onFinalize, code) => {
    subject.fake.onFinalize = onFinalize;
    open();
    segment(100);
    expect((await failure()).code).toBe(code);
    await until(() => subject.clock.pendingTimers === 0);
  });

  it('a message that is not JSON is provider_protocol', async () => {
    await openWhole();
    connection().sendRaw('<html>');
    expect((await failure()).code).toBe('provider_protocol');
  });

  it('an upgrade that is not answered is provider_timeout', async () => {
    subject.fake.sockets.stallUpgrades();
    open();
    segment(100);
    await until(() => subject.fake.sockets.handshakes.length === 1);
    await subject.clock.advance(5_000);
    expect((await failure()).code).toBe('provider_timeout');
    expect(subject.clock.pendingTimers).toBe(0);
  });
});
