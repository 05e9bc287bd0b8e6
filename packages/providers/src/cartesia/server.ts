import type { VendorParts } from '../vendor.js';
import { type Reach, reachOf } from '../wire/reach.js';

export const CARTESIA_BASE_URL = 'https://api.cartesia.ai';
/** The version of the API that this was written for; every request names it. */
export const CARTESIA_VERSION = '2026-03-01';

/** Where the assistant wants it, else where the credential says, else Cartesia itself. */
export function cartesiaReach({ credential }: VendorParts<'cartesia'>, wanted: string | undefined): Reach {
  return reachOf(credential, CARTESIA_BASE_URL, wanted);
}
