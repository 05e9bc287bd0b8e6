import type { Probe } from '../vendor.js';
import { createVendorHttp, VENDOR_TIMEOUTS } from '../wire/vendor-http.js';
import { CARTESIA_VERSION, cartesiaReach } from './server.js';

const VOICES_BYTES_MAX = 1_048_576;

/** Asks for one voice of the list. */
export const probe: Probe<'cartesia'> = async (parts, signal) => {
  const { clock, logger, timeouts } = parts;
  const { baseUrl, apiKey } = cartesiaReach(parts, undefined);
  const server = createVendorHttp({
    ...{ clock, logger, baseUrl, apiKey },
    authorise(headers) {
      if (apiKey !== undefined) headers.set('authorization', `Bearer ${apiKey.reveal()}`);
      headers.set('cartesia-version', CARTESIA_VERSION);
    },
    fetch: parts.fetch ?? fetch,
    timeouts: { ...VENDOR_TIMEOUTS, ...timeouts },
  });
  const answer = await server.get('/voices?limit=1', signal, VOICES_BYTES_MAX);
  await answer.body?.cancel();
  return 'Cartesia took the key';
};
