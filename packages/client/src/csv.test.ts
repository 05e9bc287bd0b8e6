import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from './csv.js';

/** As large a file as the command takes. */
const LARGE_BYTES = 10 * 1_024 * 1_024;

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
    expect(() => parseCsv(`"${'x""'.repeat(LARGE_BYTES / 4)}`)).toThrow('line 1: a quotation mark');
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
