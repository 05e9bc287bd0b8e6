import { Secret, type SpeechToText, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { createRecogniser } from '../stt.js';
import { FAKE_KEY, type FakeRecognition, startFakeRecognition } from './fake-recognition.js';

export interface RecognitionSubject {
  readonly fake: FakeRecognition;
  readonly clock: VirtualClock;
  readonly stt: SpeechToText;
  readonly dropped: { ms: number };
  /** The same with other key terms, or another key. */
  sttOf(keyTerms: string[], key?: string): SpeechToText;
  close(): Promise<void>;
}

export const ANSWER_MS = 4_000;

/** The recogniser under test, connected to a fake service of its own, under a clock that stands still. */
export async function startSubject(): Promise<RecognitionSubject> {
  const fake = await startFakeRecognition();
  const clock = new VirtualClock();
  const dropped = { ms: 0 };
  const sttOf: RecognitionSubject['sttOf'] = (keyTerms, key = FAKE_KEY) =>
    createRecogniser(
      {
        ...{ clock, logger: silentLogger, timeouts: { answerMs: ANSWER_MS } },
        credential: { apiKey: new Secret(key), region: 'westeurope', speechUrl: fake.url },
        onDropped: (droppedMs) => {
          dropped.ms += droppedMs;
        },
      },
      { provider: 'azure-speech', keyTerms },
    );
  return { fake, clock, dropped, sttOf, stt: sttOf([]), close: () => fake.close() };
}
