import { createReadStream } from 'node:fs';
import { type CsvRecord, parseCsv } from '@rapida/client';

/** A larger list is divided: it is held in memory as a whole, because all of it is checked before any of it is sent. */
export const CSV_BYTES_MAX = 10 * 1_024 * 1_024;

/** Fails where the file is larger than {@link CSV_BYTES_MAX}, or is not UTF-8. */
export async function readCsv(file: string): Promise<CsvRecord[]> {
  const chunks: Buffer[] = [];
  // One byte more than is accepted tells the two apart, whatever kind of file it is.
  for await (const chunk of createReadStream(file, { end: CSV_BYTES_MAX })) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (bytes.length > CSV_BYTES_MAX) throw new Error(`${file}: larger than ${CSV_BYTES_MAX / 1_048_576} MB: divide it`);
  return parseCsv(decode(file, bytes));
}

function decode(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error(`${file}: it is not UTF-8; save it as "CSV UTF-8"`, { cause: error });
  }
}
