import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CSV_BYTES_MAX, readCsv } from './csv.js';

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
