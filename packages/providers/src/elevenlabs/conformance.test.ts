import { breaksPromise, textToSpeechConformance } from '@rapida/core/conformance';
import type { FakeAnswer } from '../wire/testing/fake-http.js';
import { detailAnswer, speechAnswer } from './testing/fake-elevenlabs.js';
import { type ElevenLabsSubject, startSubject } from './testing/subject.js';

async function subjectWith(answer?: FakeAnswer) {
  const subject = await startSubject();
  if (answer !== undefined) subject.fake.always(answer);
  return { ...subject, pieces: ['One.', 'Two.', 'Three.'], soundMs: [500, 500] as const };
}

const ended = async ({ fake }: ElevenLabsSubject) => {
  if ((await fake.requests[0]?.over) !== 'cut') throw new Error('the request was not ended');
};

textToSpeechConformance('elevenlabs', () => subjectWith(), {
  started: ({ fake }) => fake.requests.length,
  makeFailing: () => subjectWith(detailAnswer(429, 'system_busy', 'busy')),
  stalled: {
    make: () => subjectWith({ ...speechAnswer('One.'), ending: 'stall' }),
    reached: ({ fake }) => fake.arrived(1),
    ended,
  },
});

// A server that cuts its answers anywhere, and its sound within samples.
textToSpeechConformance('elevenlabs, 7 bytes at a time', async () => ({
  ...(await subjectWith({ ...speechAnswer('One.', 33, 10), chunkBytes: 7 })),
  soundMs: [10, 10] as const,
}));

const silence: FakeAnswer = { status: 200, headers: {}, body: '' };

breaksPromise('sound of another rate', /^speaks at 16 kHz$/, () =>
  textToSpeechConformance('elevenlabs', () => subjectWith(speechAnswer('One.', 5_001, 750))),
);

breaksPromise('silence', /^speaks the pieces in order/, () =>
  textToSpeechConformance('elevenlabs', () => subjectWith(silence)),
);

breaksPromise('silence where a failure is owed', /^throws a RapidaError/, () =>
  textToSpeechConformance('elevenlabs', () => subjectWith(), { makeFailing: () => subjectWith(silence) }),
);
