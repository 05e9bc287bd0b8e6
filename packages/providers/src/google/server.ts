import { keyedServer } from '../ai-sdk/server.js';
import type { VendorParts } from '../vendor.js';
import type { VendorHttp } from '../wire/vendor-http.js';
import { codeOf } from './errors.js';

export function serverOf(parts: VendorParts<'google'>, wanted: string | undefined): VendorHttp {
  return keyedServer(parts, {
    standard: 'https://generativelanguage.googleapis.com/v1beta',
    wanted,
    headers: (key): Record<string, string> => (key === undefined ? {} : { 'x-goog-api-key': key }),
    codeOf,
  });
}
