import { tone } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import { speechToTextConformance } from '@rapida/core/conformance';
import { startSubject as startAssemblyAi } from '../assemblyai/testing/subject.js';
import { startSubject as startDeepgram } from '../deepgram/testing/subject.js';
import { startSubject as startOpenAi } from '../openai/testing/subject.js';

// Suites that must fail: run by conformance-bites.test.ts, and by nothing else.

const speech = () => ({
  speech: tone({ hz: 400, rateHz: RATE_HZ, ms: 300, dbfs: -12 }),
  expected: /^Hello world\.?$/,
  hints: { phrases: ['hello world'], kind: 'phrases' as const },
});

speechToTextConformance('a vendor that hears something else', async () => {
  const subject = await startDeepgram();
  subject.fake.text = 'Goodbye.';
  return { ...subject, ...speech() };
});

speechToTextConformance('a vendor that hears nothing', async () => ({
  ...(await startAssemblyAi({ text: '' })),
  ...speech(),
}));

speechToTextConformance('a vendor that refuses every commit', async () => ({
  ...(await startOpenAi({ onCommit: 'empty' })),
  ...speech(),
}));

speechToTextConformance('a vendor that fails', async () => ({
  ...(await startOpenAi({ onCommit: 'failed' })),
  ...speech(),
}));
