import { RATE_HZ } from '@rapida/core';
import { breaksPromise, textToSpeechConformance } from '@rapida/core/conformance';
import type { FakeAnswer } from '../wire/testing/fake-http.js';
import { errorAnswer, speechAnswer } from './testing/fake-aura.js';
import { type AuraSubject, startSubject } from './testing/voice-subject.js';

async function subjectWith(answer?: FakeAnswer) {
  const subject = await startSubject();
  if (answer !== undefined) subject.fake.always(answer);
  return { ...subject, pieces: ['One.', 'Two.', 'Three.'], soundMs: [500, 500] as const };
}

const ended = async ({ fake }: AuraSubject) => {
  if ((await fake.requests[0]?.over) !== 'cut') throw new Error('the request was not ended');
};

textToSpeechConformance('deepgram', () => subjectWith(), {
  started: ({ fake }) => fake.requests.length,
  makeFailing: () => subjectWith(errorAnswer(429, 'TOO_MANY_REQUESTS', 'Too many requests.')),
  stalled: {
    make: () => subjectWith({ ...speechAnswer(RATE_HZ), ending: 'stall' }),
    reached: ({ fake }) => fake.arrived(1),
    ended,
  },
});

textToSpeechConformance('deepgram, 3 bytes at a time', async () => ({
  ...(await subjectWith({ ...speechAnswer(RATE_HZ, 5), chunkBytes: 3 })),
  soundMs: [5, 5] as const,
}));

breaksPromise('sound of another rate', /^speaks at 16 kHz$/, () =>
  textToSpeechConformance('deepgram', () => subjectWith(speechAnswer(24_000))),
);

breaksPromise('silence', /^speaks the pieces in order/, () =>
  textToSpeechConformance('deepgram', () => subjectWith(speechAnswer(RATE_HZ, 0))),
);
