import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BLOCK, EXAMPLES, filled, pagesWithBlocks, readPage } from './asterisk-docs.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGES = pagesWithBlocks();

describe('the pages about Asterisk', () => {
  it.each(PAGES)('%s shows what the generator writes: npm run docs', (path) => {
    const page = readPage(path);
    expect(page).toBe(filled(page));
  });

  it('show no configuration that the generator did not write, and every marker has its block', () => {
    for (const path of PAGES) {
      const page = readPage(path);
      const blocks = [...page.matchAll(BLOCK)];
      const configurations = blocks.filter(([block]) => block.includes('```ini'));
      expect(page.match(/```ini/g)?.length ?? 0, path).toBe(configurations.length);
      expect(page.match(/<!-- generated: /g)?.length ?? 0, path).toBe(blocks.length);
    }
  });

  it('show every example', () => {
    const shown = PAGES.flatMap((path) => [...readPage(path).matchAll(BLOCK)].map(([, example]) => example));
    expect(Object.keys(EXAMPLES).filter((example) => !shown.includes(example))).toEqual([]);
  });

  it('link to pages that exist, and the index to all of them', () => {
    const linked = new Set<string>();
    for (const path of PAGES) {
      for (const [, target = ''] of readPage(path).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)) {
        const from = join(dirname(path), target);
        expect(existsSync(join(ROOT, from)), `${path}: ${target}`).toBe(true);
        if (path === 'docs/asterisk/README.md') linked.add(from);
      }
    }
    const others = PAGES.filter((path) => path.startsWith('docs/asterisk/') && !path.endsWith('/README.md'));
    expect(others.filter((path) => !linked.has(path))).toEqual([]);
  });
});
