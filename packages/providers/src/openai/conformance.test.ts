import { tone } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import { speechToTextConformance } from '@rapida/core/conformance';
import type { FakeScript } from './testing/fake-openai-realtime.js';
import { startSubject } from './testing/subject.js';

async function sttSubject(script: Partial<FakeScript> = {}) {
  return {
    ...(await startSubject(script)),
    speech: tone({ hz: 400, rateHz: RATE_HZ, ms: 300, dbfs: -12 }),
    expected: /^Hello world\.$/,
    hints: { phrases: ['hello world'], kind: 'phrases' as const },
  };
}

speechToTextConformance('openai', () => sttSubject(), {
  makeFailing: () => sttSubject({ onCommit: 'failed' }),
  makeStalled: () => sttSubject({ onCommit: 'nothing' }),
});

speechToTextConformance('openai, 1 byte at a time', async () => {
  const subject = await sttSubject();
  subject.fake.sockets.fragmentBytes = 1;
  return subject;
});
