import { peakHz } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeAnswer, jsonAnswer } from '../wire/testing/fake-http.js';
import { collect, failureOf, STALL_MS, samplesOf, speak } from '../wire/testing/speaking.js';
import { errorAnswer, speechAnswer } from './testing/fake-aura.js';
import { type AuraSubject, startSubject } from './testing/voice-subject.js';

let subject: AuraSubject;

beforeEach(async () => {
  subject = await startSubject();
});

afterEach(() => subject.close());

describe('a request', () => {
  it('asks for 16 kHz PCM without a container, and of the speed only where it is not the usual one', async () => {
    await collect(speak(subject, ['Good morning.']));
    await collect(speak({ ...subject, voice: { ...subject.voice, speed: 1.2 } }, ['Good morning.']));
    const usual = { model: 'aura-2-thalia-en', encoding: 'linear16', sample_rate: '16000', container: 'none' };
    expect(subject.fake.requests.map(({ query }) => Object.fromEntries(query))).toEqual([
      usual,
      { ...usual, speed: '1.2' },
    ]);
    expect(subject.fake.requests[0]?.body).toEqual({ text: 'Good morning.' });
  });
});

describe('sound', () => {
  it('is the same tone, as long, wherever it is cut', async () => {
    const samples = samplesOf(await collect(speak(subject, ['Hello'])));
    expect(samples.length).toBe(RATE_HZ / 2);
    expect(Math.abs(peakHz(Int16Array.from(samples.slice(1_000, 5_096)), RATE_HZ) - 1_000)).toBeLessThan(5);
    subject.fake.script({ ...speechAnswer(RATE_HZ), chunkBytes: 33 });
    expect(samplesOf(await collect(speak(subject, ['Hello'])))).toEqual(samples);
  });
});

describe('failures', () => {
  it.each<[string, FakeAnswer, string]>([
    ['an unknown voice', errorAnswer(400, 'INVALID_QUERY_PARAMETER', 'No such model'), 'provider_rejected'],
    ['too many at once', errorAnswer(429, 'TOO_MANY_REQUESTS', 'Too many requests.'), 'provider_rate_limited'],
    ['a server error', errorAnswer(503, 'SERVICE_UNAVAILABLE', ''), 'provider_unavailable'],
    ['a broken connection', { ...speechAnswer(RATE_HZ), ending: 'disconnect-first' }, 'provider_unavailable'],
    ['half an answer', { ...speechAnswer(RATE_HZ), ending: 'disconnect' }, 'provider_unavailable'],
    ['JSON in place of sound', jsonAnswer(200, {}), 'provider_protocol'],
  ])('throws for %s', async (_, answer, code) => {
    subject.fake.script(answer);
    expect((await failureOf(speak(subject, ['Hello']))).code).toBe(code);
    expect(subject.clock.pendingTimers).toBe(0);
  });

  it('times out by the clock when the sound stalls', async () => {
    subject.fake.script({ ...speechAnswer(RATE_HZ), ending: 'stall' });
    const events = speak(subject, ['Hello']);
    await events.next();
    const failure = failureOf(events);
    await subject.clock.advance(STALL_MS);
    expect((await failure).code).toBe('provider_timeout');
  });
});
