import { type RecogniserOf, Secret, type SpeechToText, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { createRecogniser } from '../stt.js';
import { makeFakeAccount } from './fake-account.js';
import { type FakeSpeech, startFakeSpeech } from './fake-speech.js';

export interface SpeechSubject {
  readonly fake: FakeSpeech;
  readonly clock: VirtualClock;
  readonly stt: SpeechToText;
  readonly dropped: { ms: number };
  /** The same with other options, or reached elsewhere. */
  sttOf(changes: Partial<RecogniserOf<'google-cloud'>>, url?: string, serviceAccount?: string): SpeechToText;
  close(): Promise<void>;
}

export const ANSWER_MS = 4_000;

/** One for all tests: making a key takes a while. */
export const ACCOUNT = makeFakeAccount();

/** The recogniser under test, connected to a fake server of its own, under a clock that stands still. */
export async function startSubject(): Promise<SpeechSubject> {
  const clock = new VirtualClock();
  const fake = await startFakeSpeech(ACCOUNT, () => clock.wallMs());
  const dropped = { ms: 0 };
  const sttOf: SpeechSubject['sttOf'] = (changes, speechUrl = fake.url, serviceAccount = ACCOUNT.json) =>
    createRecogniser(
      {
        clock,
        logger: silentLogger,
        credential: { serviceAccount: new Secret(serviceAccount), speechUrl },
        timeouts: { answerMs: ANSWER_MS },
        onDropped: (droppedMs) => {
          dropped.ms += droppedMs;
        },
      },
      {
        ...{ provider: 'google-cloud', model: 'telephony', location: 'global' },
        ...{ keyTerms: ['Rapida'], punctuation: false, ...changes },
      },
    );
  return { fake, clock, dropped, sttOf, stt: sttOf({}), close: () => fake.close() };
}
