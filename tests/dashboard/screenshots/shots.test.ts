import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readOptions } from './options.js';
import { allFiles, imagesIn, SHOTS } from './shots.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const IMAGES = join(ROOT, 'docs/images/dashboard');
/** All that are in the repository. */
const BYTES_MAX = 1_500_000;

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Whatever stands for an id, and whatever is chosen within the page. */
const pageOf = (path: string): string => path.replace(/[?#].*$/, '').replaceAll(/:\w+/g, ':id');

function documented(): readonly string[] {
  const pages = readdirSync(join(ROOT, 'docs'), { recursive: true }).map((file) => `docs/${String(file)}`);
  return ['README.md', ...pages.filter((file) => file.endsWith('.md'))].flatMap((file) => imagesIn(read(file)));
}

describe('the screenshots', () => {
  it('are of every page that the router knows', () => {
    const routed = [...read('packages/dashboard/src/router.tsx').matchAll(/\bpage\('([^']+)'/g)].map(
      ([, path = '']) => path,
    );
    expect(routed).toContain('/calls/:id');
    const shown = new Set(SHOTS.map(({ path }) => pageOf(path)));
    expect(routed.filter((path) => path !== '*' && !shown.has(pageOf(path)))).toEqual([]);
    expect(SHOTS.map(({ name }) => name)).toContain('not-found');
  });

  it('have a name of their own each, in light and dark, wide and narrow', () => {
    const files = allFiles();
    expect(new Set(files).size).toBe(files.length);
    const calls = files.filter((file) => file.startsWith('calls-now-'));
    expect(calls.sort()).toEqual(
      ['dark-narrow', 'dark-wide', 'light-narrow', 'light-wide'].map((look) => `calls-now-${look}.webp`),
    );
  });

  it('that the documentation shows are there, are taken by the command, and nothing else is kept', () => {
    const named = [...new Set(documented())].sort();
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((file) => !allFiles().includes(file))).toEqual([]);
    expect(named.filter((file) => !existsSync(join(IMAGES, file)))).toEqual([]);
    expect(readdirSync(IMAGES).sort()).toEqual(named);
  });

  it('take little of the repository', () => {
    const bytes = readdirSync(IMAGES).reduce((sum, file) => sum + statSync(join(IMAGES, file)).size, 0);
    expect(bytes).toBeLessThan(BYTES_MAX);
  });
});

describe('the options of the command', () => {
  it('are where, and which', () => {
    expect(readOptions([])).toMatchObject({ out: undefined, mode: 'run' });
    const { only, out } = readOptions(['--out', '/srv/pictures', '--only', '^calls-']);
    expect([only.test('calls-now-light-wide.webp'), only.test('keys-light-wide.webp'), out]).toEqual([
      true,
      false,
      '/srv/pictures',
    ]);
    expect(readOptions(['--list']).mode).toBe('list');
    expect(() => readOptions(['--nothing'])).toThrow("'--nothing'");
  });
});
