import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGES = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)));

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const proseOf = (file: string): string => read(file).replaceAll(/^```[\s\S]*?^```/gm, '');

/** As the pages are shown: letters, digits and dashes of each heading. */
function anchorsOf(file: string): readonly string[] {
  return [...proseOf(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What a page points to in the repository, by link or as a picture. */
function targetsOf(file: string): readonly string[] {
  const found = proseOf(file).matchAll(/\]\((?!\w+:)([^)\s]+)\)|<img src="(?!\w+:)([^"]+)"/g);
  return [...found].map(([, link, picture]) => link ?? picture ?? '');
}

function isThere(file: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const other = path === '' ? file : join(dirname(file), path);
  if (!existsSync(join(ROOT, other))) return false;
  return anchor === undefined || (statSync(join(ROOT, other)).isFile() && anchorsOf(other).includes(anchor));
}

it('pages link to pages, pictures and headings that exist', () => {
  expect(PAGES).toContain('docs/dashboard.md');
  const dead = PAGES.flatMap((file) => targetsOf(file).flatMap((to) => (isThere(file, to) ? [] : [`${file}: ${to}`])));
  expect(dead).toEqual([]);
});

it('the index of the documentation leads to every page of it, or to the index that does', () => {
  const linked = new Set(targetsOf('docs/README.md').map((target) => target.replace(/#.*$/, '')));
  const pages = PAGES.filter((file) => /^docs\/[^/]+\.md$|^docs\/[^/]+\/README\.md$/.test(file)).map((file) =>
    file.slice('docs/'.length),
  );
  expect(pages.filter((page) => page !== 'README.md' && !linked.has(page))).toEqual([]);
});
