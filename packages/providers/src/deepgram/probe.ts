import type { Probe } from '../vendor.js';
import { reachOf } from '../wire/reach.js';
import { createVendorHttp, VENDOR_TIMEOUTS } from '../wire/vendor-http.js';
import { DEEPGRAM_BASE_URL, deepgramHeaders } from './server.js';

const ANSWER_BYTES_MAX = 65_536;

/** Asks what the key may do (`GET /v1/auth/token`, as https://developers.deepgram.com/docs/authenticating says); it costs nothing. */
export const probe: Probe<'deepgram'> = async ({ clock, logger, credential, timeouts, fetch: given }, signal) => {
  const { apiKey } = credential;
  const server = createVendorHttp({
    ...{ clock, logger, ...reachOf(credential, DEEPGRAM_BASE_URL, undefined) },
    authorise: (headers) => {
      for (const [name, value] of Object.entries(deepgramHeaders(apiKey))) headers.set(name, value);
    },
    fetch: given ?? fetch,
    timeouts: { ...VENDOR_TIMEOUTS, ...timeouts },
  });
  const answer = await server.get('/auth/token', signal, ANSWER_BYTES_MAX);
  await answer.body?.cancel();
  return 'Deepgram answered';
};
