import type { Probe } from '../vendor.js';
import { reachOf } from '../wire/reach.js';
import { createVendorHttp, VENDOR_TIMEOUTS } from '../wire/vendor-http.js';
import { ASSEMBLYAI_BASE_URL, assemblyAiHeaders } from './server.js';

const ANSWER_BYTES_MAX = 65_536;

/** Asks for a token of a minute and does not read it (`GET /v3/token`): a session is what costs, not a token. */
export const probe: Probe<'assemblyai'> = async ({ clock, logger, credential, timeouts, fetch: given }, signal) => {
  const { apiKey } = credential;
  const server = createVendorHttp({
    ...{ clock, logger, ...reachOf(credential, ASSEMBLYAI_BASE_URL, undefined) },
    authorise: (headers) => {
      for (const [name, value] of Object.entries(assemblyAiHeaders(apiKey))) headers.set(name, value);
    },
    fetch: given ?? fetch,
    timeouts: { ...VENDOR_TIMEOUTS, ...timeouts },
  });
  const answer = await server.get('/token?expires_in_seconds=60', signal, ANSWER_BYTES_MAX);
  await answer.body?.cancel();
  return 'AssemblyAI answered';
};
