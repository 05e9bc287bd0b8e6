import { tone } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import { languageModelConformance, speechToTextConformance, textToSpeechConformance } from '@rapida/core/conformance';
import { chatAnswer, chatDelta, type FakeAnswer, speechAnswer } from './testing/fake-answers.js';
import { errorAnswer, type FakePath } from './testing/fake-openai.js';
import { type FakeSubject, startSubject } from './testing/subject.js';

const overloaded = errorAnswer(503, 'The engine is currently overloaded', 'server_error', null);
const started = ({ fake }: FakeSubject) => fake.requests.length;
const reached = ({ fake }: FakeSubject) => fake.arrived(1);
const ended = async ({ fake }: FakeSubject) => {
  if ((await fake.requests[0]?.over) !== 'cut') throw new Error('the request was not ended');
};

async function subjectWith(path: FakePath, answer?: FakeAnswer): Promise<FakeSubject> {
  const subject = await startSubject();
  if (answer !== undefined) subject.fake.always(path, answer);
  return subject;
}

async function sttSubject(answer?: FakeAnswer) {
  const subject = await subjectWith('/audio/transcriptions', answer);
  return {
    ...subject,
    speech: tone({ hz: 400, rateHz: RATE_HZ, ms: 300, dbfs: -12 }),
    expected: /^Hello world\.$/,
    hints: { phrases: ['hello world'], kind: 'phrases' as const },
  };
}

async function llmSubject(answer?: FakeAnswer) {
  const subject = await subjectWith('/chat/completions', answer);
  const request = {
    instructions: 'Greet {{caller}}.',
    messages: [{ role: 'user' as const, text: 'Hello' }],
    tools: [{ name: 'end_call', description: 'Hangs up', parameters: { type: 'object', properties: {} } }],
    variables: { caller: 'Ada' },
    memo: null,
  };
  return { ...subject, request, expected: /^Good morning\.$/ };
}

async function ttsSubject(answer?: FakeAnswer) {
  const subject = await subjectWith('/audio/speech', answer);
  return {
    ...subject,
    voice: { voice: 'alloy', speed: 1, language: 'en-US' },
    pieces: ['One.', 'Two.', 'Three.'],
    soundMs: [500, 503] as const,
  };
}

const stalledChat: FakeAnswer = {
  ...chatAnswer([]),
  body: `data: ${chatDelta('Good')}\n\n`,
  ending: 'stall',
};

speechToTextConformance('openai-compatible', () => sttSubject(), {
  makeFailing: () => sttSubject(overloaded),
  makeStalled: () => sttSubject({ ...overloaded, ending: 'stall-first' }),
});

languageModelConformance('openai-compatible', () => llmSubject(), {
  started,
  makeFailing: () => llmSubject(overloaded),
  stalled: { make: () => llmSubject(stalledChat), reached, ended },
});

textToSpeechConformance('openai-compatible', () => ttsSubject(), {
  started,
  makeFailing: () => ttsSubject(overloaded),
  stalled: { make: () => ttsSubject({ ...speechAnswer(100), ending: 'stall' }), reached, ended },
});

// A server that cuts its answers anywhere.
textToSpeechConformance('openai-compatible, 1 byte at a time', async () => ({
  ...(await ttsSubject({ ...speechAnswer(5), chunkBytes: 1 })),
  soundMs: [5, 8],
}));

languageModelConformance('openai-compatible, 7 bytes at a time', () =>
  llmSubject({ ...chatAnswer(['Good', ' morning', '.']), chunkBytes: 7 }),
);
