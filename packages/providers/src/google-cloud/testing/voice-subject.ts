import { Secret, silentLogger, type TextToSpeech } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import type { FakeHttp } from '../../wire/testing/fake-http.js';
import { ANSWER_MS, STALL_MS } from '../../wire/testing/speaking.js';
import { createVoice } from '../tts.js';
import { startFakeVoice } from './fake-voice.js';
import { ACCOUNT } from './subject.js';

export interface VoiceSubject {
  readonly fake: FakeHttp;
  readonly clock: VirtualClock;
  readonly tts: TextToSpeech;
  readonly voice: { readonly voice: string; readonly speed: number; readonly language: string };
  /** The same with another credential. */
  ttsOf(serviceAccount: string): TextToSpeech;
  close(): Promise<void>;
}

/** The voice under test, connected to a fake of its own, under a clock that stands still. */
export async function startVoiceSubject(): Promise<VoiceSubject> {
  const clock = new VirtualClock();
  const fake = await startFakeVoice(ACCOUNT, () => clock.wallMs());
  const voice = 'en-US-Chirp3-HD-Achernar';
  const ttsOf = (serviceAccount: string) => {
    const credential = { serviceAccount: new Secret(serviceAccount), voiceUrl: `${fake.baseUrl}/` };
    const parts = { clock, logger: silentLogger, credential, timeouts: { answerMs: ANSWER_MS, stallMs: STALL_MS } };
    return createVoice(parts, { provider: 'google-cloud', voice, speed: 1 });
  };
  const tts = ttsOf(ACCOUNT.json);
  return { fake, clock, ttsOf, tts, voice: { voice, speed: 1, language: 'en-GB' }, close: () => fake.close() };
}
