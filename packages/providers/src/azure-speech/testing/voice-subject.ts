import { Secret, silentLogger, type TextToSpeech } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { ANSWER_MS, STALL_MS } from '../../wire/testing/speaking.js';
import { createVoice } from '../tts.js';
import { FAKE_KEY } from './fake-recognition.js';
import { type FakeVoice, startFakeVoice } from './fake-voice.js';

export interface VoiceSubject {
  readonly fake: FakeVoice;
  readonly clock: VirtualClock;
  readonly tts: TextToSpeech;
  readonly voice: { readonly voice: string; readonly speed: number; readonly language: string };
  close(): Promise<void>;
}

/** The voice under test, connected to a fake of its own, under a clock that stands still. */
export async function startVoiceSubject(): Promise<VoiceSubject> {
  const fake = await startFakeVoice();
  const clock = new VirtualClock();
  const voice = 'en-US-AvaNeural';
  const credential = { apiKey: new Secret(FAKE_KEY), region: 'westeurope', voiceUrl: `${fake.url}/` };
  const parts = { clock, logger: silentLogger, credential, timeouts: { answerMs: ANSWER_MS, stallMs: STALL_MS } };
  const tts = createVoice(parts, { provider: 'azure-speech', voice, speed: 1 });
  return { fake, clock, tts, voice: { voice, speed: 1, language: 'en-US' }, close: () => fake.close() };
}
