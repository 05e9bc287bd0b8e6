import { encodeWav, pcm16ToBytes, peakHz, tone } from '@rapida/audio';
import { RATE_HZ, RapidaError, type SpeechEvent } from '@rapida/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeAnswer, jsonAnswer, speechAnswer } from './testing/fake-answers.js';
import { errorAnswer } from './testing/fake-openai.js';
import { type FakeSubject, STALL_MS, startSubject } from './testing/subject.js';

const PATH = '/audio/speech';

let subject: FakeSubject;

beforeEach(async () => {
  subject = await startSubject();
});

afterEach(() => subject.close());

function speak(...pieces: string[]): AsyncIterator<SpeechEvent> {
  async function* text() {
    yield* pieces;
  }
  const voice = { voice: 'alloy', speed: 1.25, language: 'en-US' };
  return subject.tts.speak(text(), voice, new AbortController().signal)[Symbol.asyncIterator]();
}

async function samplesOf(events: AsyncIterator<SpeechEvent>): Promise<number[]> {
  const samples: number[] = [];
  for (let result = await events.next(); !result.done; result = await events.next()) {
    if (result.value.type === 'audio') samples.push(...result.value.samples);
  }
  return samples;
}

async function failureOf(events: AsyncIterator<SpeechEvent>): Promise<RapidaError> {
  const thrown = await samplesOf(events).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(RapidaError);
  return thrown as RapidaError;
}

describe('a request', () => {
  it('asks for raw PCM of the voice and speed', async () => {
    await samplesOf(speak('Good morning.'));
    expect(subject.fake.requests[0]?.body).toEqual({
      model: 'tts-1',
      input: 'Good morning.',
      voice: 'alloy',
      speed: 1.25,
      response_format: 'pcm',
    });
  });

  it('is made for the next piece while this one is read, and for no further one', async () => {
    const events = speak('One.', 'Two.', 'Three.');
    expect((await events.next()).value).toMatchObject({ type: 'audio', piece: 0 });
    await subject.fake.arrived(2);
    await subject.clock.advance(100);
    expect(subject.fake.requests.map((request) => request.body.input)).toEqual(['One.', 'Two.']);
    await samplesOf(events);
    expect(subject.fake.requests.length).toBe(3);
  });

  it('is not made for a piece without letters or digits', async () => {
    const events: string[] = [];
    const iterator = speak('...', '-', 'A');
    for (let result = await iterator.next(); !result.done; result = await iterator.next()) {
      events.push(`${result.value.type} ${result.value.piece}`);
    }
    expect(events[0]).toBe('piece-end 0');
    expect(events[1]).toBe('piece-end 1');
    expect(subject.fake.requests.map((request) => request.body.input)).toEqual(['A']);
  });
});

describe('sound', () => {
  it('is the same tone at 16 kHz, as long, up to the run-out of the filter', async () => {
    const samples = Int16Array.from(await samplesOf(speak('Hello')));
    expect(samples.length).toBeGreaterThanOrEqual(RATE_HZ / 2);
    expect(samples.length).toBeLessThanOrEqual(RATE_HZ / 2 + 40);
    expect(Math.abs(peakHz(samples.subarray(1_000, 5_096), RATE_HZ) - 1_000)).toBeLessThan(5);
  });

  it('is there to its last sample', async () => {
    const samples = new Int16Array(2_400);
    samples[2_397] = 20_000;
    subject.fake.script(PATH, { ...speechAnswer(0), body: pcm16ToBytes(samples) });
    // A filter of unity gain keeps the sum of an impulse, less what the lower rate has fewer samples of: 20000 * 16 / 24.
    const sum = (await samplesOf(speak('Hello'))).reduce((total, sample) => total + sample, 0);
    expect(Math.abs(sum - 13_333)).toBeLessThan(400);
  });

  it('does not depend on how the answer is cut, also within a sample', async () => {
    const whole = speechAnswer(20);
    subject.fake.script(PATH, whole);
    const expected = await samplesOf(speak('Hello'));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 700 }), async (chunkBytes) => {
        subject.fake.script(PATH, { ...whole, chunkBytes });
        expect(await samplesOf(speak('Hello'))).toEqual(expected);
      }),
      { numRuns: 10, examples: [[1], [3]] },
    );
  });

  it('leaves out half a sample at the end', async () => {
    const { body, ...answer } = speechAnswer(10);
    subject.fake.script(
      PATH,
      { ...answer, body },
      { ...answer, body: Buffer.concat([Buffer.from(body), Buffer.of(7)]) },
    );
    const whole = await samplesOf(speak('Hello'));
    expect(await samplesOf(speak('Hello'))).toEqual(whole);
  });

  it.each([8_000, 16_000, 48_000])('is taken from a WAV file of %i Hz when the server sends one', async (rateHz) => {
    const body = encodeWav({ rateHz, channels: [tone({ hz: 500, rateHz, ms: 400, dbfs: -6 })] });
    subject.fake.script(PATH, { status: 200, headers: { 'content-type': 'audio/wav' }, body });
    const samples = Int16Array.from(await samplesOf(speak('Hello')));
    expect(Math.abs(samples.length - 0.4 * RATE_HZ)).toBeLessThanOrEqual(81);
    expect(Math.abs(peakHz(samples.subarray(1_000, 5_096), RATE_HZ) - 500)).toBeLessThan(5);
  });
});

describe('failures', () => {
  const wav = (body: Uint8Array): FakeAnswer => ({ status: 200, headers: { 'content-type': 'audio/x-wav' }, body });

  it.each<[string, FakeAnswer, string]>([
    ['a refused voice', errorAnswer(400, 'Invalid voice', 'invalid_request_error', null), 'provider_rejected'],
    ['too many requests', errorAnswer(429, '', 'requests', 'rate_limit_exceeded'), 'provider_rate_limited'],
    ['a broken connection', { ...speechAnswer(10), ending: 'disconnect-first' }, 'provider_unavailable'],
    ['half an answer', { ...speechAnswer(10), ending: 'disconnect' }, 'provider_unavailable'],
    ['JSON in place of sound', jsonAnswer(200, {}), 'provider_protocol'],
    ['a WAV file that is none', wav(Buffer.from('not RIFF at all')), 'provider_protocol'],
    [
      'a WAV file of an odd rate',
      wav(encodeWav({ rateHz: 12_345, channels: [new Int16Array(9)] })),
      'provider_protocol',
    ],
  ])('throws for %s', async (_, answer, code) => {
    subject.fake.script(PATH, answer);
    expect((await failureOf(speak('Hello'))).code).toBe(code);
    expect(subject.clock.pendingTimers).toBe(0);
  });

  it('throws a failure of the next piece only after the piece before it', async () => {
    subject.fake.script(PATH, speechAnswer(100), errorAnswer(500, '', 'server_error', null));
    const events = speak('One.', 'Two.');
    expect((await events.next()).value).toMatchObject({ type: 'audio', piece: 0 });
    await subject.fake.arrived(2);
    await subject.fake.requests[1]?.over;
    const rest: string[] = [];
    const reading = (async () => {
      for (let result = await events.next(); !result.done; result = await events.next()) rest.push(result.value.type);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect(rest.at(-1)).toBe('piece-end');
  });

  it('times out by the clock when the sound stalls', async () => {
    subject.fake.script(PATH, { ...speechAnswer(10), ending: 'stall' });
    const events = speak('Hello');
    expect((await events.next()).value).toMatchObject({ type: 'audio', piece: 0 });
    const failure = failureOf(events);
    await subject.clock.advance(STALL_MS);
    expect((await failure).code).toBe('provider_timeout');
  });
});
