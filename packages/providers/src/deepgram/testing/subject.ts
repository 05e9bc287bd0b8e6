import { type RecogniserOf, Secret, type SpeechToText, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { createRecogniser } from '../stt.js';
import { FAKE_KEY, type FakeDeepgram, startFakeDeepgram } from './fake-deepgram.js';

export interface DeepgramSubject {
  readonly fake: FakeDeepgram;
  readonly clock: VirtualClock;
  readonly stt: SpeechToText;
  /** The same with other options, or another key. */
  sttOf(config: Partial<RecogniserOf<'deepgram'>>, key?: string): SpeechToText;
  readonly dropped: { ms: number };
  close(): Promise<void>;
}

export const STALL_MS = 6_000;

/** The engine under test, connected to a fake vendor of its own, under a clock that stands still. */
export async function startSubject(): Promise<DeepgramSubject> {
  const fake = await startFakeDeepgram();
  const clock = new VirtualClock();
  const dropped = { ms: 0 };
  const sttOf = (config: Partial<RecogniserOf<'deepgram'>>, key = FAKE_KEY) =>
    createRecogniser(
      {
        ...{ clock, logger: silentLogger, timeouts: { stallMs: STALL_MS } },
        credential: { baseUrl: fake.baseUrl, apiKey: new Secret(key) },
        onDropped: (droppedMs) => {
          dropped.ms += droppedMs;
        },
      },
      { provider: 'deepgram', model: 'nova-3', keyTerms: [], smartFormat: true, ...config },
    );
  return { fake, clock, dropped, sttOf, stt: sttOf({}), close: () => fake.close() };
}
