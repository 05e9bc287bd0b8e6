import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@rapida/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readDashboard } from './dashboard-files.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapida-dashboard-'));
  await mkdir(join(folder, 'assets'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (path: string, text: string | Buffer) => writeFile(join(folder, path), text);

it('has every file by its path, with the smaller ones beside it', async () => {
  await write('index.html', '<p>');
  await write('assets/a-1.js', 'a');
  await write('assets/a-1.js.br', 'brotli');
  await write('assets/a-1.js.gz', 'gzip');
  const files = await readDashboard(folder, silentLogger);
  expect([...files.keys()].sort()).toEqual(['assets/a-1.js', 'index.html']);
  expect(files.get('assets/a-1.js')).toMatchObject({
    type: 'text/javascript; charset=utf-8',
    bytes: Buffer.from('a'),
    compressed: [
      { coding: 'br', bytes: Buffer.from('brotli') },
      { coding: 'gzip', bytes: Buffer.from('gzip') },
    ],
  });
});

it('tells files apart by what is in them', async () => {
  await write('a.svg', 'one');
  await write('b.svg', 'two');
  const files = await readDashboard(folder, silentLogger);
  const [one, other] = [files.get('a.svg')?.etag, files.get('b.svg')?.etag];
  expect(one).toMatch(/^"[\w-]{22}"$/);
  expect(one).not.toBe(other);
});

it('leaves out what browsers do not need', async () => {
  for (const name of ['a.js.map', 'notes', '.gitignore', 'tsconfig.tsbuildinfo']) await write(name, 'x');
  expect(await readDashboard(folder, silentLogger)).toEqual(new Map());
});

it('is empty where nothing was built, or nothing is installed: calls are held all the same', async () => {
  expect(await readDashboard(join(folder, 'missing'), silentLogger)).toEqual(new Map());
  expect(await readDashboard(undefined, silentLogger)).toEqual(new Map());
});

it('is empty where there is more than a dashboard can be', async () => {
  await write('a.wasm', Buffer.alloc(32 * 1024 * 1024));
  await write('b.svg', 'x');
  expect(await readDashboard(folder, silentLogger)).toEqual(new Map());
});
