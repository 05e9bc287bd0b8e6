import { peakHz } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeAnswer, jsonAnswer } from '../wire/testing/fake-http.js';
import { collect, failureOf, STALL_MS, samplesOf, speak } from '../wire/testing/speaking.js';
import { FAKE_KEY } from './testing/fake-recognition.js';
import { plain, speechAnswer } from './testing/fake-voice.js';
import { startVoiceSubject, type VoiceSubject } from './testing/voice-subject.js';

let subject: VoiceSubject;

beforeEach(async () => {
  subject = await startVoiceSubject();
});

afterEach(() => subject.close());

describe('a request', () => {
  it('is a sentence in SSML and asks for raw PCM of 16 kHz', async () => {
    await collect(speak({ ...subject, voice: { ...subject.voice, speed: 1.5 } }, ['Fish & chips <now>']));
    const [request] = subject.fake.requests;
    expect(request?.ssml).toContain('<prosody rate="1.5">Fish &amp; chips &lt;now&gt;</prosody>');
    expect(request?.headers).toMatchObject({
      'ocp-apim-subscription-key': FAKE_KEY,
      'content-type': 'application/ssml+xml',
      'x-microsoft-outputformat': 'raw-16khz-16bit-mono-pcm',
      'user-agent': 'rapida',
    });
  });
});

describe('sound', () => {
  it('is the same tone, as long, wherever it is cut', async () => {
    const samples = samplesOf(await collect(speak(subject, ['Hello'])));
    expect(samples.length).toBe(RATE_HZ / 2);
    expect(Math.abs(peakHz(Int16Array.from(samples.slice(1_000, 5_096)), RATE_HZ) - 1_000)).toBeLessThan(5);
    subject.fake.script({ ...speechAnswer(), chunkBytes: 33 });
    expect(samplesOf(await collect(speak(subject, ['Hello'])))).toEqual(samples);
  });

  it('is there before the answer is whole', async () => {
    subject.fake.script({ ...speechAnswer(100), ending: 'stall' });
    const events = speak(subject, ['Hello']);
    expect((await events.next()).value).toMatchObject({ type: 'audio', piece: 0 });
    await events.return?.();
    expect(await subject.fake.requests[0]?.over).toBe('cut');
  });
});

describe('failures', () => {
  it.each<[string, FakeAnswer, string]>([
    ['a refused request', plain(400), 'provider_rejected'],
    ['a refused key', plain(401), 'provider_auth'],
    ['too many at once', plain(429), 'provider_rate_limited'],
    ['a bad gateway', plain(502), 'provider_unavailable'],
    ['a broken connection', { ...speechAnswer(), ending: 'disconnect-first' }, 'provider_unavailable'],
    ['half an answer', { ...speechAnswer(), ending: 'disconnect' }, 'provider_unavailable'],
    ['JSON in place of sound', jsonAnswer(200, {}), 'provider_protocol'],
  ])('throws for %s', async (_, answer, code) => {
    subject.fake.script(answer);
    expect((await failureOf(speak(subject, ['Hello']))).code).toBe(code);
    expect(subject.clock.pendingTimers).toBe(0);
  });

  it('throws for a voice that is not there', async () => {
    const voice = { ...subject.voice, voice: 'en-US-NobodyNeural' };
    expect((await failureOf(speak({ ...subject, voice }, ['Hello']))).code).toBe('provider_rejected');
  });

  it('times out by the clock when the sound stalls', async () => {
    subject.fake.script({ ...speechAnswer(), ending: 'stall' });
    const events = speak(subject, ['Hello']);
    await events.next();
    const failure = failureOf(events);
    await subject.clock.advance(STALL_MS);
    expect((await failure).code).toBe('provider_timeout');
  });
});
