import { type RecogniserOf, Secret, type SpeechToText, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { createRecogniser } from '../stt.js';
import { FAKE_KEY, type FakeAssemblyAi, type FakeScript, startFakeAssemblyAi } from './fake-assemblyai.js';

export interface AssemblyAiSubject {
  readonly fake: FakeAssemblyAi;
  readonly clock: VirtualClock;
  readonly stt: SpeechToText;
  /** The same with other options, or another key. */
  sttOf(config: Partial<RecogniserOf<'assemblyai'>>, key?: string): SpeechToText;
  readonly dropped: { ms: number };
  close(): Promise<void>;
}

export const STALL_MS = 6_000;

/** The engine under test, connected to a fake vendor of its own, under a clock that stands still. */
export async function startSubject(script: Partial<FakeScript> = {}): Promise<AssemblyAiSubject> {
  const fake = Object.assign(await startFakeAssemblyAi(), script);
  const clock = new VirtualClock();
  const dropped = { ms: 0 };
  const sttOf = (config: Partial<RecogniserOf<'assemblyai'>>, key = FAKE_KEY) =>
    createRecogniser(
      {
        ...{ clock, logger: silentLogger, timeouts: { stallMs: STALL_MS } },
        credential: { baseUrl: fake.baseUrl, apiKey: new Secret(key) },
        onDropped: (droppedMs) => {
          dropped.ms += droppedMs;
        },
      },
      { provider: 'assemblyai', model: 'universal-streaming-english', keyTerms: [], ...config },
    );
  return { fake, clock, dropped, sttOf, stt: sttOf({}), close: () => fake.close() };
}
