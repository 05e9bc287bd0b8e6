import { keyedServer } from '../ai-sdk/server.js';
import type { VendorParts } from '../vendor.js';
import type { VendorHttp } from '../wire/vendor-http.js';

export function serverOf(parts: VendorParts<'mistral'>, wanted: string | undefined): VendorHttp {
  return keyedServer(parts, { standard: 'https://api.mistral.ai/v1', wanted });
}
