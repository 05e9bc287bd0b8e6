export interface CsvRecord {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A quotation mark is out of place; the message names the line. */
export class CsvProblem extends Error {
  override readonly name = 'CsvProblem';
}

/**
 * RFC 4180: cells between commas, in quotation marks where they hold a comma, a line break or a quotation mark (doubled).
 * Lines with nothing in them are left out. Fails with {@link CsvProblem} where a quotation mark is never closed, naming the line it opens in.
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
    if (match === null) throw new CsvProblem(`line ${line}: a quotation mark is out of place, or never closed`);
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
