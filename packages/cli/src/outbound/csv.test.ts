import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CSV_BYTES_MAX, parseCsv, readCsv } from './csv.js';

describe('parseCsv', () => {
  it.each([
    [
      'a,b\n1,2\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'a,b\r\n1,2',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'a\n\n \n,\nb',
      [
        [1, 'a'],
        [5, 'b'],
      ],
    ],
    ['a,,\n', [[1, 'a', '', '']]],
    [' a , b ', [[1, 'a', 'b']]],
    [
      '"x, ""y""\n z",b\nc',
      [
        [1, 'x, "y"\n z', 'b'],
        [3, 'c'],
      ],
    ],
    ['""', []],
    ['', []],
  ])('%j', (text, records) => {
    expect(parseCsv(text).map(({ line, cells }) => [line, ...cells])).toEqual(records);
  });

  it.each([
    ['a\n"b', 'line 2'],
    ['a\n\nb"c', 'line 3'],
    ['"a"b', 'line 1'],
  ])('refuses %j, naming the line', (text, line) => {
    expect(() => parseCsv(text)).toThrow(`${line}: a quotation mark`);
  });

  it('refuses a quotation mark that is never closed in the largest file as well', () => {
    expect(() => parseCsv(`"${'x""'.repeat(CSV_BYTES_MAX / 4)}`)).toThrow('line 1: a quotation mark');
  });

  it('reads back whatever is written by the rules', () => {
    const cell = fc.string().map((text) => text.trim());
    const row = fc.array(cell, { minLength: 1, maxLength: 4 }).filter((cells) => cells.some((one) => one !== ''));
    const written = (cells: string[]) => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(',');
    fc.assert(
      fc.property(fc.array(row), fc.constantFrom('\n', '\r\n'), (rows, end) => {
        expect(parseCsv(rows.map(written).join(end)).map(({ cells }) => cells)).toEqual(rows);
      }),
    );
  });
});

describe('readCsv', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rapida-csv-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function fileOf(bytes: Uint8Array): string {
    const path = join(folder, 'people.csv');
    writeFileSync(path, bytes);
    return path;
  }

  it('takes the mark that spreadsheets put in front', async () => {
    expect(await readCsv(fileOf(Buffer.from('\ufeffto\n1')))).toEqual([
      { line: 1, cells: ['to'] },
      { line: 2, cells: ['1'] },
    ]);
  });

  it('takes 10 MB, and no byte more', async () => {
    const largest = Buffer.alloc(CSV_BYTES_MAX, '1');
    expect(await readCsv(fileOf(largest))).toHaveLength(1);
    await expect(readCsv(fileOf(Buffer.concat([largest, Buffer.from('1')])))).rejects.toThrow('larger than 10 MB');
  });

  it('refuses what is not UTF-8', async () => {
    await expect(readCsv(fileOf(Buffer.from([0x74, 0x6f, 0x0a, 0xe4])))).rejects.toThrow('not UTF-8');
  });
});
