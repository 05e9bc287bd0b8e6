import { tone } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import { speechToTextConformance } from '@rapida/core/conformance';
import type { FakeDeepgram } from './testing/fake-deepgram.js';
import { startSubject } from './testing/subject.js';

async function sttSubject(script: Partial<Pick<FakeDeepgram, 'onFinalize' | 'hasInterims'>> = {}) {
  const subject = await startSubject();
  Object.assign(subject.fake, script);
  return {
    ...subject,
    speech: tone({ hz: 400, rateHz: RATE_HZ, ms: 300, dbfs: -12 }),
    expected: /^Hello world\.$/,
    hints: { phrases: ['hello world'], kind: 'phrases' as const },
  };
}

speechToTextConformance('deepgram', () => sttSubject(), {
  makeFailing: () => sttSubject({ onFinalize: 'error' }),
  makeStalled: () => sttSubject({ onFinalize: 'nothing', hasInterims: false }),
});

speechToTextConformance('deepgram, 1 byte at a time', async () => {
  const subject = await sttSubject();
  subject.fake.sockets.fragmentBytes = 1;
  return subject;
});
