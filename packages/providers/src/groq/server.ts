import { keyedServer } from '../ai-sdk/server.js';
import type { VendorParts } from '../vendor.js';
import type { VendorHttp } from '../wire/vendor-http.js';
import { codeOf } from './errors.js';

export function serverOf(parts: VendorParts<'groq'>, wanted: string | undefined): VendorHttp {
  return keyedServer(parts, { standard: 'https://api.groq.com/openai/v1', wanted, codeOf });
}
