import { peakHz } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeAnswer } from '../wire/testing/fake-http.js';
import { jsonAnswer } from '../wire/testing/fake-http.js';
import { collect, FAKE_KEY, failureOf, STALL_MS, samplesOf, speak, wordsOf } from '../wire/testing/speaking.js';
import { detailAnswer, lineOf, speechAnswer } from './testing/fake-elevenlabs.js';
import { type ElevenLabsSubject, startSubject } from './testing/subject.js';

let subject: ElevenLabsSubject;

beforeEach(async () => {
  subject = await startSubject();
});

afterEach(() => subject.close());

describe('a request', () => {
  it('asks for 16 kHz PCM with times, in the language and the manner of the assistant', async () => {
    await collect(speak(subject, ['Good morning.']));
    const [request] = subject.fake.requests;
    expect(request?.path).toBe('/v1/text-to-speech/JBFqnCBsd6RMkjVDRZzb/stream/with-timestamps');
    expect(request?.query.get('output_format')).toBe('pcm_16000');
    expect(request?.body).toEqual({
      text: 'Good morning.',
      model_id: 'eleven_flash_v2_5',
      language_code: 'en',
      voice_settings: { stability: 0.4, similarity_boost: 0.8, speed: 1.1 },
    });
  });

  it('says what was said before in the same reply, and nothing of another reply', async () => {
    await collect(speak(subject, ['One.', '-', 'Two.', `${'x'.repeat(600)}.`, 'Four.']));
    await collect(speak(subject, ['Five.']));
    const previous = subject.fake.requests.map(({ body }) => body.previous_text);
    expect(previous.slice(0, 3)).toEqual([undefined, 'One.', 'One. Two.']);
    expect(String(previous[3]).length).toBe(500);
    expect(previous[4]).toBeUndefined();
  });

  it.each([
    ['eleven_v3', 'en', false],
    ['eleven_multilingual_v2', undefined, true],
  ])('leaves out what %s does not take', async (model, language, hasPrevious) => {
    await subject.close();
    subject = await startSubject(model);
    await collect(speak(subject, ['One.', 'Two.']));
    const body = subject.fake.requests[1]?.body;
    expect(body?.language_code).toBe(language);
    expect(body !== undefined && 'previous_text' in body).toBe(hasPrevious);
  });
});

describe('sound and words', () => {
  it('are the same tone, and every word with its time in the piece', async () => {
    const events = await collect(speak(subject, ['Good day to you']));
    const samples = Int16Array.from(samplesOf(events));
    expect(samples.length).toBe(RATE_HZ / 2);
    expect(Math.abs(peakHz(samples.subarray(1_000, 5_096), RATE_HZ) - 1_000)).toBeLessThan(5);
    const words = wordsOf(events);
    expect(words.map(({ text }) => text)).toEqual(['Good', 'day', 'to', 'you']);
    // 15 characters in 500 ms; "day" is the sixth to the eighth.
    expect(words[1]?.startMs).toBeCloseTo((5 * 500) / 15, 6);
    expect(words[1]?.endMs).toBeCloseTo((8 * 500) / 15, 6);
    expect(words[3]?.endMs).toBeCloseTo(500, 6);
  });

  it('are the same wherever the answer is cut', async () => {
    const expected = await collect(speak(subject, ['Good day']));
    const samples = samplesOf(expected);
    for (const chunkBytes of [1, 777]) {
      const answer = speechAnswer('Good day');
      subject.fake.script({ ...answer, chunkBytes });
      const events = await collect(speak(subject, ['Good day']));
      expect(samplesOf(events)).toEqual(samples);
      expect(wordsOf(events)).toEqual(wordsOf(expected));
    }
  });

  it('need no times: a line may have none, or fields that nobody knows', async () => {
    const line = `${JSON.stringify({ audio_base64: 'AAAA', alignment: null, surprise: [1] })}\n`;
    subject.fake.script({ status: 200, headers: {}, body: `${line}\n${line}` });
    const events = await collect(speak(subject, ['Hello']));
    expect(samplesOf(events)).toEqual([0, 0, 0]);
    expect(wordsOf(events)).toEqual([]);
  });
});

describe('failures', () => {
  const stream = (body: string): FakeAnswer => ({ status: 200, headers: {}, body });
  const busy = { detail: { status: 'system_busy', message: 'busy' } };

  it.each<[string, FakeAnswer, string]>([
    ['an unknown voice', detailAnswer(404, 'voice_not_found', 'A voice was not found.'), 'provider_rejected'],
    ['a used-up quota, which is no wrong key', detailAnswer(401, 'quota_exceeded', 'Quota.'), 'provider_rejected'],
    ['too many at once', detailAnswer(429, 'too_many_concurrent_requests', 'Too many'), 'provider_rate_limited'],
    ['a server error', jsonAnswer(500, {}), 'provider_unavailable'],
    ['a broken connection', { ...speechAnswer('Hello'), ending: 'disconnect-first' }, 'provider_unavailable'],
    ['half an answer', { ...speechAnswer('Hello'), ending: 'disconnect' }, 'provider_unavailable'],
    [
      'a failure in the middle',
      stream(`${lineOf(new Uint8Array(4), null)}${JSON.stringify(busy)}\n`),
      'provider_rate_limited',
    ],
    ['lines that are not JSON', stream('sound\n'), 'provider_protocol'],
    ['lines of another protocol', stream('{"audio_base64":7}\n'), 'provider_protocol'],
  ])('throws for %s', async (_, answer, code) => {
    subject.fake.script(answer);
    expect((await failureOf(speak(subject, ['Hello']))).code).toBe(code);
    expect(subject.clock.pendingTimers).toBe(0);
  });

  it('never quotes the key', async () => {
    subject.fake.script(detailAnswer(400, 'bad', `with key ${FAKE_KEY}`));
    expect(String(await failureOf(speak(subject, ['Hello'])))).not.toContain(FAKE_KEY);
  });

  it('times out by the clock when the sound stalls', async () => {
    subject.fake.script({ ...speechAnswer('Hello'), ending: 'stall' });
    const events = speak(subject, ['Hello']);
    await events.next();
    const failure = failureOf(events);
    await subject.clock.advance(STALL_MS);
    expect((await failure).code).toBe('provider_timeout');
  });
});
