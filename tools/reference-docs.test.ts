import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { REFERENCE_FOLDER, referencePages } from './reference-docs.js';

it('the reference pages say what the catalogues in the code say, no more and no less: npm run docs', () => {
  const pages = referencePages();
  expect(readdirSync(REFERENCE_FOLDER).sort()).toEqual(Object.keys(pages).sort());
  for (const [name, text] of Object.entries(pages)) {
    expect(readFileSync(join(REFERENCE_FOLDER, name), 'utf8'), name).toBe(text);
  }
});
