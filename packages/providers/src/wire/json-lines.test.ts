import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLines } from './json-lines.js';

async function valuesOf(text: string, chunkBytes: number): Promise<unknown[]> {
  const bytes = Buffer.from(text);
  async function* body() {
    for (let start = 0; start < bytes.length; start += chunkBytes) yield bytes.subarray(start, start + chunkBytes);
  }
  const values: unknown[] = [];
  for await (const value of jsonLines(body())) values.push(value);
  return values;
}

describe('lines of JSON', () => {
  it('are the same wherever the body is cut, also within a character', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), fc.integer({ min: 1, max: 40 }), async (values, chunkBytes) => {
        const text = values.map((value) => `${JSON.stringify(value)}\n`).join('');
        expect(await valuesOf(text, chunkBytes)).toEqual(JSON.parse(JSON.stringify(values)));
      }),
      { numRuns: 50, examples: [[['grüße', { a: '你好' }], 1]] },
    );
  });

  it('may be blank, end with CRLF, and the last one without an end', async () => {
    expect(await valuesOf('\n1\r\n\r\n[2]', 64)).toEqual([1, [2]]);
  });

  it('that are not JSON fail', async () => {
    await expect(valuesOf('{"a":1}\n{"b"', 64)).rejects.toMatchObject({ code: 'provider_protocol' });
  });
});
