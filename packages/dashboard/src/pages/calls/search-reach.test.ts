import { expect, it } from 'vitest';
import { FOUND_ENOUGH, READS_MAX, readsOn } from './search-reach.js';

const page = (found: number, nextCursor: string | null = 'next') => ({ data: Array(found).fill('call'), nextCursor });
const pages = (count: number, found = 0) => Array.from({ length: count }, () => page(found));

it('reads on over pages in which nothing was found, so many at most', () => {
  expect(readsOn(pages(1), 0)).toBe(true);
  expect(readsOn(pages(READS_MAX - 1), 0)).toBe(true);
  expect(readsOn(pages(READS_MAX), 0)).toBe(false);
});

it('reads no further when enough was found', () => {
  expect(readsOn([page(FOUND_ENOUGH - 1)], 0)).toBe(true);
  expect(readsOn([page(FOUND_ENOUGH)], 0)).toBe(false);
});

it('reads as far again when the viewer asks', () => {
  const read = pages(READS_MAX);
  expect(readsOn(read, READS_MAX)).toBe(true);
  expect(readsOn([...read, ...pages(READS_MAX)], READS_MAX)).toBe(false);
});

it('counts what was found since the viewer asked', () => {
  expect(readsOn([page(FOUND_ENOUGH), page(1)], 1)).toBe(true);
});

it('ends where there is nothing more to look into, and begins with nothing', () => {
  expect(readsOn([page(0, null)], 0)).toBe(false);
  expect(readsOn([], 0)).toBe(false);
});
