import { encodeWav, peakHz } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeAnswer, jsonAnswer } from '../wire/testing/fake-http.js';
import { ANSWER_MS, collect, failureOf, STALL_MS, samplesOf, soundMsOf, speak } from '../wire/testing/speaking.js';
import { contentAnswer, errorAnswer, speechAnswer } from './testing/fake-voice.js';
import { startVoiceSubject, type VoiceSubject } from './testing/voice-subject.js';

let subject: VoiceSubject;

beforeEach(async () => {
  subject = await startVoiceSubject();
});

afterEach(() => subject.close());

const speakAs = (voice: string, speed = 1) =>
  collect(speak({ ...subject, voice: { ...subject.voice, voice, speed } }, ['Good morning.']));

describe('a request', () => {
  it('asks for linear sound of 16 kHz in the language of the voice', async () => {
    await speakAs('en-US-Chirp3-HD-Achernar');
    expect(subject.fake.requests[0]?.body).toEqual({
      input: { text: 'Good morning.' },
      voice: { name: 'en-US-Chirp3-HD-Achernar', languageCode: 'en-US' },
      audioConfig: { audioEncoding: 'LINEAR16', sampleRateHertz: 16_000 },
    });
  });

  it('says the speed only where it is not the usual one', async () => {
    await speakAs('cmn-CN-Wavenet-A', 1.5);
    expect(subject.fake.requests[0]?.body).toMatchObject({
      voice: { languageCode: 'cmn-CN' },
      audioConfig: { speakingRate: 1.5 },
    });
  });

  it('asks in the language of the assistant where the voice names none', async () => {
    subject.fake.always(speechAnswer());
    await speakAs('Achernar').catch(() => {});
    expect(subject.fake.requests[0]?.body.voice).toEqual({ name: 'Achernar', languageCode: 'en-GB' });
  });

  it('is signed with one token until that is old', async () => {
    await speakAs('en-US-Chirp3-HD-Achernar');
    await speakAs('en-US-Chirp3-HD-Achernar');
    const tokens = new Set(subject.fake.requests.map(({ headers }) => headers.authorization));
    expect([subject.fake.requests.length, tokens.size]).toEqual([2, 1]);
  });
});

describe('sound', () => {
  it('is the tone, as long', async () => {
    const samples = samplesOf(await collect(speak(subject, ['Hello'])));
    expect(samples.length).toBe(RATE_HZ / 2);
    expect(Math.abs(peakHz(Int16Array.from(samples.slice(1_000, 5_096)), RATE_HZ) - 1_000)).toBeLessThan(5);
  });

  it('of another rate than was asked for is taken too', async () => {
    subject.fake.script(speechAnswer(24_000));
    expect(Math.abs(soundMsOf(await collect(speak(subject, ['Hello']))) - 500)).toBeLessThan(4);
  });
});

describe('failures', () => {
  it.each<[string, FakeAnswer, string]>([
    ['a refused request', errorAnswer(400, 'INVALID_ARGUMENT', 'no'), 'provider_rejected'],
    ['a service that is not switched on', errorAnswer(403, 'PERMISSION_DENIED', 'SERVICE_DISABLED'), 'provider_auth'],
    ['a quota', errorAnswer(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded'), 'provider_rate_limited'],
    ['a broken connection', { ...speechAnswer(), ending: 'disconnect-first' }, 'provider_unavailable'],
    ['half an answer', { ...speechAnswer(), ending: 'disconnect' }, 'provider_unavailable'],
    ['no JSON', { ...jsonAnswer(200, {}), body: '<html>' }, 'provider_protocol'],
    ['JSON without sound', jsonAnswer(200, { audio: 1 }), 'provider_protocol'],
    ['null', jsonAnswer(200, null), 'provider_protocol'],
    ['sound that is no WAV file', contentAnswer(Buffer.from('ID3 not RIFF at all')), 'provider_protocol'],
    [
      'a WAV file of an odd rate',
      contentAnswer(encodeWav({ rateHz: 12_345, channels: [new Int16Array(9)] })),
      'provider_protocol',
    ],
  ])('throws for %s', async (_, answer, code) => {
    subject.fake.script(answer);
    expect((await failureOf(speak(subject, ['Hello']))).code).toBe(code);
    expect(subject.clock.pendingTimers).toBe(0);
  });

  it('quotes what Google says of a voice that is not there', async () => {
    const voice = { ...subject.voice, voice: 'en-US-Nobody' };
    const { code, message } = await failureOf(speak({ ...subject, voice }, ['Hello']));
    expect([code, message]).toEqual([
      'provider_rejected',
      expect.stringContaining("Voice 'en-US-Nobody' does not exist"),
    ]);
  });

  it('asks nothing without a service account', async () => {
    const { code, message } = await failureOf(speak({ ...subject, tts: subject.ttsOf('hunter2') }, ['Hello']));
    expect([code, subject.fake.requests.length]).toEqual(['provider_unconfigured', 0]);
    expect(message).not.toContain('hunter2');
  });

  it.each([
    ['the head of the answer', 'stall-first', ANSWER_MS],
    ['the rest of it', 'stall', STALL_MS],
  ] as const)('times out by the clock when %s does not come', async (_, ending, limitMs) => {
    subject.fake.script({ ...speechAnswer(), ending });
    const failure = failureOf(speak(subject, ['Hello']));
    await subject.fake.arrived(1);
    for (let waitedMs = 0; waitedMs <= ANSWER_MS + limitMs; waitedMs += limitMs) await subject.clock.advance(limitMs);
    expect((await failure).code).toBe('provider_timeout');
  });
});
