export { createFakeAri, FAKE_MODULES } from './fake-ari.js';
export type {
  FakeAri,
  FakeAriOptions,
  FakeBridge,
  FakeChannel,
  FakeDialplanRun,
  FakeFailure,
  FakeIncoming,
  FakeMedia,
  FakeRequest,
  FakeRequestMatcher,
  PhoneBehaviour,
} from './fake-types.js';
