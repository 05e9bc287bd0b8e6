import { Code } from '@connectrpc/connect';
import { tone } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import { breaksPromise, speechToTextConformance } from '@rapida/core/conformance';
import { type DribblingProxy, startDribblingProxy } from '../wire/testing/dribbling-proxy.js';
import type { FakeStreamScript } from './testing/fake-speech.js';
import { startSubject } from './testing/subject.js';

const overloaded = { code: Code.Unavailable, message: 'The service is currently unavailable.' };
const common = {
  speech: tone({ hz: 400, rateHz: RATE_HZ, ms: 300, dbfs: -12 }),
  expected: /^Hello world\.$/,
  hints: { phrases: ['hello world'], kind: 'phrases' as const },
};

async function sttSubject(script?: FakeStreamScript) {
  const subject = await startSubject();
  if (script !== undefined) subject.fake.always(script);
  return { ...subject, ...common };
}

async function dribblingSubject() {
  const subject = await startSubject();
  const proxy: DribblingProxy = await startDribblingProxy(subject.fake.port);
  const close = async () => {
    await proxy.close();
    await subject.close();
  };
  return { ...subject, ...common, stt: subject.sttOf({}, `http://127.0.0.1:${proxy.port}`), close };
}

speechToTextConformance('google-cloud', () => sttSubject(), {
  makeFailing: () => sttSubject({ error: overloaded }),
  makeStalled: () => sttSubject({ ending: 'stall' }),
});

speechToTextConformance('google-cloud, 1 byte at a time', dribblingSubject);

breaksPromise('another text', /^gives one final for a segment, with what was said$/, () =>
  speechToTextConformance('google-cloud', () => sttSubject({ finals: ['Goodbye.'] })),
);

breaksPromise('a failure where a text is owed', /^gives one final for every segment/, () =>
  speechToTextConformance('google-cloud', () => sttSubject({ error: overloaded })),
);
