import { breaksPromise, textToSpeechConformance } from '@rapida/core/conformance';
import { type FakeAnswer, speechAnswer } from '../openai-compatible/testing/fake-answers.js';
import { errorAnswer } from '../openai-compatible/testing/fake-openai.js';
import { type OpenAiVoiceSubject, startSubject } from './testing/voice-subject.js';

async function subjectWith(answer?: FakeAnswer) {
  const subject = await startSubject();
  if (answer !== undefined) subject.fake.always('/audio/speech', answer);
  return { ...subject, pieces: ['One.', 'Two.', 'Three.'], soundMs: [500, 503] as const };
}

const ended = async ({ fake }: OpenAiVoiceSubject) => {
  if ((await fake.requests[0]?.over) !== 'cut') throw new Error('the request was not ended');
};

textToSpeechConformance('openai', () => subjectWith(), {
  started: ({ fake }) => fake.requests.length,
  makeFailing: () => subjectWith(errorAnswer(503, 'The engine is currently overloaded', 'server_error', null)),
  stalled: {
    make: () => subjectWith({ ...speechAnswer(100), ending: 'stall' }),
    reached: ({ fake }) => fake.arrived(1),
    ended,
  },
});

breaksPromise('sound of another length', /^speaks at 16 kHz$/, () =>
  textToSpeechConformance('openai', () => subjectWith(speechAnswer(750))),
);

breaksPromise('silence where a failure is owed', /^throws a RapidaError/, () =>
  textToSpeechConformance('openai', () => subjectWith(), { makeFailing: () => subjectWith(speechAnswer(0)) }),
);
