import { RapidaError } from '@rapida/core';

/** Of the metadata of a call, and of its args. */
export const ENTRIES_MAX = 50;
/** Names and values together, in UTF-8. */
export const ENTRIES_BYTES_MAX = 8_192;

/** Fails with invalid_request where there are too many, or they are too large. */
export function checkEntries(what: string, entries: Readonly<Record<string, string>>): void {
  const pairs = Object.entries(entries);
  if (pairs.length > ENTRIES_MAX) {
    throw new RapidaError('invalid_request', `${what}: more than ${ENTRIES_MAX} entries`);
  }
  const bytes = pairs.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (bytes > ENTRIES_BYTES_MAX) {
    throw new RapidaError('invalid_request', `${what}: larger than ${ENTRIES_BYTES_MAX} bytes`);
  }
}
