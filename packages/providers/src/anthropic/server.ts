import { keyedServer } from '../ai-sdk/server.js';
import type { VendorParts } from '../vendor.js';
import type { VendorHttp } from '../wire/vendor-http.js';

/** https://docs.claude.com/en/api/versioning */
const VERSION = '2023-06-01';

export function serverOf(parts: VendorParts<'anthropic'>, wanted: string | undefined): VendorHttp {
  return keyedServer(parts, {
    standard: 'https://api.anthropic.com/v1',
    wanted,
    headers: (key) => ({ 'anthropic-version': VERSION, ...(key !== undefined && { 'x-api-key': key }) }),
  });
}
