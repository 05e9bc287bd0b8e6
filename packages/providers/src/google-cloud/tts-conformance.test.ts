import { breaksPromise, textToSpeechConformance } from '@rapida/core/conformance';
import type { FakeAnswer } from '../wire/testing/fake-http.js';
import { errorAnswer, speechAnswer } from './testing/fake-voice.js';
import { startVoiceSubject, type VoiceSubject } from './testing/voice-subject.js';

async function subjectWith(answer?: FakeAnswer) {
  const subject = await startVoiceSubject();
  if (answer !== undefined) subject.fake.always(answer);
  return { ...subject, pieces: ['One.', 'Two.', 'Three.'], soundMs: [500, 500] as const };
}

const ended = async ({ fake }: VoiceSubject) => {
  if ((await fake.requests[0]?.over) !== 'cut') throw new Error('the request was not ended');
};

textToSpeechConformance('google-cloud', () => subjectWith(), {
  started: ({ fake }) => fake.requests.length,
  makeFailing: () => subjectWith(errorAnswer(503, 'UNAVAILABLE', 'The service is currently unavailable.')),
  stalled: {
    make: () => subjectWith({ ...speechAnswer(), ending: 'stall' }),
    reached: ({ fake }) => fake.arrived(1),
    ended,
  },
});

textToSpeechConformance('google-cloud, 7 bytes at a time', async () => ({
  ...(await subjectWith({ ...speechAnswer(16_000, 5), chunkBytes: 7 })),
  soundMs: [5, 5] as const,
}));

breaksPromise('sound of another length', /^speaks at 16 kHz$/, () =>
  textToSpeechConformance('google-cloud', () => subjectWith(speechAnswer(16_000, 750))),
);

breaksPromise('silence where a failure is owed', /^throws a RapidaError/, () =>
  textToSpeechConformance('google-cloud', () => subjectWith(), {
    makeFailing: () => subjectWith(speechAnswer(16_000, 0)),
  }),
);
