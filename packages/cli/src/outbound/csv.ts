import { createReadStream } from 'node:fs';

/** A larger list is divided: it is held in memory as a whole, because all of it is checked before any of it is sent. */
export const CSV_BYTES_MAX = 10 * 1_024 * 1_024;

export interface CsvRecord {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

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

/**
 * RFC 4180: cells between commas, in quotation marks where they hold a comma, a line break or a quotation mark (doubled).
 * Lines with nothing in them are left out. Fails where a quotation mark is never closed, naming the line it opens in.
 */
export function parseCsv(text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  // Either a whole quoted cell or a plain one, and what ends it.
  const cell = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  let line = 1;
  let first = line;
  let cells: string[] = [];
  while (cell.lastIndex < text.length || cells.length > 0) {
    const match = cell.exec(text);
    if (match === null) throw new Error(`line ${line}: a quotation mark is out of place, or never closed`);
    const [whole, quoted, plain = '', end] = match;
    cells.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === ',') continue;
    if (cells.some((one) => one !== '')) records.push({ line: first, cells });
    cells = [];
    first = line;
    if (end === '') break;
  }
  return records;
}
