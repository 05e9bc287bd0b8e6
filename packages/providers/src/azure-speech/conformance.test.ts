import { tone } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import { breaksPromise, speechToTextConformance } from '@rapida/core/conformance';
import { type FakeTurnScript, phrase } from './testing/fake-recognition.js';
import { startSubject } from './testing/subject.js';

async function sttSubject(script?: FakeTurnScript) {
  const subject = await startSubject();
  if (script !== undefined) subject.fake.always(script);
  return {
    ...subject,
    speech: tone({ hz: 400, rateHz: RATE_HZ, ms: 300, dbfs: -12 }),
    expected: /^Hello world\.$/,
    hints: { phrases: ['hello world'], kind: 'phrases' as const },
  };
}

speechToTextConformance('azure-speech', () => sttSubject(), {
  makeFailing: () => sttSubject({ atEnd: [phrase('', 'Error')] }),
  makeStalled: () => sttSubject({ ending: 'stall' }),
});

speechToTextConformance('azure-speech, 1 byte at a time', async () => {
  const subject = await sttSubject();
  subject.fake.fragmentBytes = 1;
  return subject;
});

breaksPromise('another text', /^gives one final for a segment, with what was said$/, () =>
  speechToTextConformance('azure-speech', () => sttSubject({ atEnd: [phrase('Goodbye.')] })),
);

breaksPromise('a failure where a text is owed', /^gives one final for every segment/, () =>
  speechToTextConformance('azure-speech', () => sttSubject({ atEnd: [phrase('', 'Error')] })),
);
