import { peakHz } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeAnswer, jsonAnswer, speechAnswer } from '../openai-compatible/testing/fake-answers.js';
import { errorAnswer } from '../openai-compatible/testing/fake-openai.js';
import { collect, failureOf, samplesOf, speak } from '../wire/testing/speaking.js';
import { type OpenAiVoiceSubject, startSubject } from './testing/voice-subject.js';

let subject: OpenAiVoiceSubject;

afterEach(() => subject.close());

describe('a request', () => {
  it('asks for raw PCM in the manner of the assistant', async () => {
    subject = await startSubject('gpt-4o-mini-tts', ' Speak calmly. ');
    await collect(speak({ ...subject, voice: { ...subject.voice, speed: 1.2 } }, ['Good morning.']));
    expect(subject.fake.requests[0]?.body).toEqual({
      model: 'gpt-4o-mini-tts',
      input: 'Good morning.',
      voice: 'marin',
      instructions: 'Speak calmly.',
      response_format: 'pcm',
      speed: 1.2,
    });
  });

  it.each([
    ['tts-1-hd', 'Speak calmly.'],
    ['gpt-4o-mini-tts', ' '],
  ])('says nothing of a manner to %s with "%s"', async (model, manner) => {
    subject = await startSubject(model, manner);
    await collect(speak(subject, ['Hello']));
    expect(subject.fake.requests[0]?.body).toEqual({ model, input: 'Hello', voice: 'marin', response_format: 'pcm' });
  });
});

describe('sound', () => {
  it('is the same tone at 16 kHz', async () => {
    subject = await startSubject();
    const samples = samplesOf(await collect(speak(subject, ['Hello'])));
    expect(Math.abs(samples.length - RATE_HZ / 2)).toBeLessThanOrEqual(40);
    expect(Math.abs(peakHz(Int16Array.from(samples.slice(1_000, 5_096)), RATE_HZ) - 1_000)).toBeLessThan(5);
  });
});

describe('failures', () => {
  it.each<[string, FakeAnswer, string]>([
    ['a refused voice', errorAnswer(400, 'Invalid voice', 'invalid_request_error', null), 'provider_rejected'],
    ['too many requests', errorAnswer(429, '', 'requests', 'rate_limit_exceeded'), 'provider_rate_limited'],
    ['half an answer', { ...speechAnswer(10), ending: 'disconnect' }, 'provider_unavailable'],
    ['JSON in place of sound', jsonAnswer(200, {}), 'provider_protocol'],
  ])('throws for %s', async (_, answer, code) => {
    subject = await startSubject();
    subject.fake.script('/audio/speech', answer);
    expect((await failureOf(speak(subject, ['Hello']))).code).toBe(code);
    expect(subject.clock.pendingTimers).toBe(0);
  });
});
