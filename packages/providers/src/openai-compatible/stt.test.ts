import { decodeWav } from '@rapida/audio';
import { FRAME_SAMPLES, RapidaError, type SpeechToTextStream } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REQUESTS_MAX, SEGMENT_MS_MAX, SEGMENTS_OPEN_MAX } from './stt.js';
import { jsonAnswer, transcriptionAnswer } from './testing/fake-answers.js';
import { errorAnswer } from './testing/fake-openai.js';
import { ANSWER_MS, type FakeSubject, startSubject } from './testing/subject.js';

const PATH = '/audio/transcriptions';

let subject: FakeSubject;
let stream: SpeechToTextStream;

beforeEach(async () => {
  subject = await startSubject();
  const { stt } = subject;
  stream = stt.open({ language: 'de-CH', lineRateHz: 8_000 }, new AbortController().signal);
});

afterEach(async () => {
  stream.close();
  await subject.close();
});

/** Frames whose samples are all their number. */
function write(frames: number): void {
  for (let i = 0; i < frames; i++) stream.write({ samples: new Int16Array(FRAME_SAMPLES).fill(i), atMs: i * 20 });
}

function segment(frames: number): void {
  write(frames);
  stream.endSegment();
}

async function next(): Promise<string> {
  const result = await stream[Symbol.asyncIterator]().next();
  return result.done ? 'end' : result.value.text;
}

async function sentSamples(index: number): Promise<Int16Array> {
  const file = subject.fake.requests[index]?.body.file as File;
  const { rateHz, channels } = decodeWav(new Uint8Array(await file.arrayBuffer()));
  expect(rateHz).toBe(16_000);
  return channels[0]!;
}

function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

describe('a request', () => {
  it('carries the segment as a WAV file of 16 kHz, the language and what is expected', async () => {
    stream.expect({ phrases: ['yes please', 'no thanks'], kind: 'phrases' });
    segment(10);
    expect(await next()).toBe('Hello world.');
    const { body } = subject.fake.requests[0]!;
    expect(body).toMatchObject({ model: 'whisper-1', language: 'de', prompt: 'yes please, no thanks' });
    const expected = Array.from({ length: 10 * FRAME_SAMPLES }, (_, i) => Math.floor(i / FRAME_SAMPLES));
    expect([...(await sentSamples(0))]).toEqual(expected);
  });

  it('has the hints of when its segment began', async () => {
    write(5);
    stream.expect({ phrases: ['later'], kind: 'phrases' });
    segment(5);
    segment(10);
    await next();
    await next();
    expect(subject.fake.requests.map((request) => request.body.prompt)).toEqual([undefined, 'later']);
  });

  it('has a prompt of bounded length', async () => {
    stream.expect({ phrases: Array.from({ length: 1_000 }, () => 'many words'), kind: 'phrases' });
    segment(10);
    await next();
    expect(String(subject.fake.requests[0]?.body.prompt).length).toBe(800);
  });

  it('is not made for what is too short to be a word', async () => {
    segment(4);
    expect(await next()).toBe('');
    expect(subject.fake.requests.length).toBe(0);
  });
});

describe('order and bounds', () => {
  it('gives finals in order when answers come in another', async () => {
    const late = gate();
    subject.fake.script(PATH, { ...transcriptionAnswer('one'), after: late.passed }, transcriptionAnswer('two'));
    segment(10);
    await subject.fake.arrived(1);
    segment(10);
    await subject.fake.arrived(2);
    await subject.fake.requests[1]?.over;
    const first = next();
    late.open();
    expect([await first, await next()]).toEqual(['one', 'two']);
  });

  it(`makes ${REQUESTS_MAX} requests at once, the next when one is answered`, async () => {
    const gates = Array.from({ length: REQUESTS_MAX + 1 }, gate);
    subject.fake.script(PATH, ...gates.map(({ passed }, i) => ({ ...transcriptionAnswer(`${i}`), after: passed })));
    for (let i = 0; i < REQUESTS_MAX + 1; i++) segment(10);
    await subject.fake.arrived(REQUESTS_MAX);
    await subject.clock.advance(100);
    expect(subject.fake.requests.length).toBe(REQUESTS_MAX);
    for (const { open } of gates) open();
    await subject.fake.arrived(REQUESTS_MAX + 1);
    const texts = [];
    for (let i = 0; i < REQUESTS_MAX + 1; i++) texts.push(await next());
    expect(texts.sort()).toEqual(['0', '1', '2', '3', '4']);
  });

  it('drops the oldest of a segment above 60 s, and counts it', async () => {
    const framesMax = SEGMENT_MS_MAX / 20;
    segment(framesMax + 3);
    await next();
    expect(subject.dropped.ms).toBe(60);
    const samples = await sentSamples(0);
    expect(samples.length).toBe(framesMax * FRAME_SAMPLES);
    expect([samples[0], samples.at(-1)]).toEqual([3, framesMax + 2]);
  });

  it('drops the oldest waiting segment when more than 60 s wait, and gives its final all the same', async () => {
    const held = gate();
    subject.fake.always(PATH, { ...transcriptionAnswer('heard'), after: held.passed });
    for (let i = 0; i < REQUESTS_MAX; i++) segment(10);
    for (let i = 0; i < 3; i++) segment(25_000 / 20);
    expect(subject.dropped.ms).toBe(25_000);
    held.open();
    const texts = [];
    for (let i = 0; i < REQUESTS_MAX + 3; i++) texts.push(await next());
    expect(texts).toEqual(['heard', 'heard', 'heard', 'heard', '', 'heard', 'heard']);
  });

  it('fails after the finals it has when nobody reads them', async () => {
    for (let i = 0; i < 2 * SEGMENTS_OPEN_MAX; i++) stream.endSegment();
    for (let i = 0; i < SEGMENTS_OPEN_MAX; i++) expect(await next()).toBe('');
    await expect(next()).rejects.toMatchObject({ code: 'provider_timeout' });
    expect(await next()).toBe('end');
  });
});

describe('failures', () => {
  it.each([
    ['a status', errorAnswer(429, 'Slow down', 'requests', 'rate_limit_exceeded'), 'provider_rate_limited'],
    ['no JSON', { ...jsonAnswer(200, {}), body: '<html>' }, 'provider_protocol'],
    ['JSON without text', jsonAnswer(200, { words: [] }), 'provider_protocol'],
    ['null', jsonAnswer(200, null), 'provider_protocol'],
    ['a broken connection', { ...jsonAnswer(200, {}), ending: 'disconnect-first' as const }, 'provider_unavailable'],
    ['half an answer', { ...jsonAnswer(200, {}), ending: 'disconnect' as const }, 'provider_unavailable'],
  ])('throws for %s', async (_, answer, code) => {
    subject.fake.script(PATH, answer);
    segment(10);
    const thrown = await next().catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(RapidaError);
    expect(thrown).toMatchObject({ code });
    expect(subject.clock.pendingTimers).toBe(0);
  });

  it('times out by the clock', async () => {
    subject.fake.script(PATH, { ...jsonAnswer(200, {}), ending: 'stall-first' });
    segment(10);
    const reading = expect(next()).rejects.toMatchObject({ code: 'provider_timeout' });
    await subject.fake.arrived(1);
    await subject.clock.advance(ANSWER_MS);
    await reading;
  });

  it('gives the finals before the failed one first', async () => {
    const late = gate();
    subject.fake.script(PATH, { ...transcriptionAnswer('one'), after: late.passed }, errorAnswer(500, '', 'x', null));
    segment(10);
    await subject.fake.arrived(1);
    segment(10);
    await subject.fake.arrived(2);
    await subject.fake.requests[1]?.over;
    late.open();
    expect(await next()).toBe('one');
    await expect(next()).rejects.toMatchObject({ code: 'provider_unavailable' });
  });
});
