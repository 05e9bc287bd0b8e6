import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageSize, readCursor, toPage } from './paging.js';
import { fromStoredId, toStoredId } from './stored-id.js';

const anId = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);

describe('a cursor', () => {
  it('leads back to the row it was made of', () => {
    const anInstant = fc.oneof(fc.integer({ min: 0, max: 8.64e15 }), fc.double({ min: 0.001, max: 1e13, noNaN: true }));
    fc.assert(
      fc.property(anInstant, anId, (createdAtMs, id) => {
        const rows = [
          { created_at_ms: createdAtMs, id: toStoredId(id) },
          { created_at_ms: 0, id: '' },
        ];
        const { nextCursor } = toPage(rows, 1, (row) => row);
        expect(readCursor(nextCursor ?? '')).toEqual(rows[0]);
      }),
    );
  });

  it('is refused, never misread, when it is any other text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => readCursor(text)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
      }),
    );
  });
});

describe('a stored id', () => {
  it('sorts as text as the number does, and comes back digit for digit', () => {
    fc.assert(
      fc.property(anId, anId, (a, b) => {
        expect(toStoredId(a) < toStoredId(b)).toBe(BigInt(a) < BigInt(b));
        expect(fromStoredId(toStoredId(a))).toBe(a);
      }),
    );
  });

  it('is empty for what is no id', () => {
    for (const text of ['', '01', '-1', '1.0', 'x', '18446744073709551616']) expect(toStoredId(text), text).toBe('');
  });
});

describe('the size of a page', () => {
  it('is 1 to 200 whole rows', () => {
    expect([0, -1, 1, 7.9, 200, 201, Number.NaN, Number.POSITIVE_INFINITY].map(pageSize)).toEqual([
      1, 1, 1, 7, 200, 200, 200, 200,
    ]);
  });
});
