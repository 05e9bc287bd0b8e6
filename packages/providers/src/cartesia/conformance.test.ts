import { breaksPromise, textToSpeechConformance } from '@rapida/core/conformance';
import {
  chunkEvent,
  doneEvent,
  errorEvent,
  type FakeReply,
  halfSpeech,
  speech,
  wordsEvent,
} from './testing/fake-replies.js';
import { type CartesiaSubject, startSubject } from './testing/subject.js';

async function subjectWith(reply?: FakeReply) {
  const subject = await startSubject();
  if (reply !== undefined) subject.fake.always(reply);
  return { ...subject, pieces: ['One.', 'Two.', 'Three.'], soundMs: [500, 500] as const };
}

const isCancelled = ({ fake }: CartesiaSubject) => fake.cancelled.includes(fake.orders[0]?.context_id ?? '');

textToSpeechConformance('cartesia', () => subjectWith(), {
  started: ({ fake }) => fake.orders.length,
  makeFailing: () => subjectWith({ messages: (order) => [errorEvent(order, 429, 'Too many concurrent requests')] }),
  stalled: {
    make: () => subjectWith({ messages: halfSpeech() }),
    reached: ({ fake }) => fake.until(() => fake.orders.length > 0),
    ended: (subject) => subject.fake.until(() => isCancelled(subject)),
  },
});

textToSpeechConformance('cartesia, one byte of sound in a message, 3 bytes in a frame', async () => ({
  ...(await subjectWith({ messages: speech({ soundMs: 5, chunkBytes: 1 }), fragmentBytes: 3 })),
  soundMs: [5, 5] as const,
}));

const backwards: FakeReply = {
  messages: (order) => [
    wordsEvent(order, [['late', 0.4]]),
    chunkEvent(order, new Uint8Array(32)),
    wordsEvent(order, [['early', 0.1]]),
    doneEvent(order),
  ],
};

breaksPromise('sound of another rate', /^speaks at 16 kHz$/, () =>
  textToSpeechConformance('cartesia', () => subjectWith({ messages: speech({ soundMs: 750 }) })),
);

breaksPromise('words that go back in time', /^times words/, () =>
  textToSpeechConformance('cartesia', () => subjectWith(backwards)),
);

breaksPromise('silence where a failure is owed', /^throws a RapidaError/, () =>
  textToSpeechConformance('cartesia', () => subjectWith(), {
    makeFailing: () => subjectWith({ messages: (order) => [doneEvent(order)] }),
  }),
);
