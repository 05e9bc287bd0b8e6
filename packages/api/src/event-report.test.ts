import { RapidaError } from '@rapida/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readEventReport } from './event-report.js';

const BYTES_MAX = 200;

it('makes of anything either an event within its limits or a refusal with a code of a client', () => {
  const name = fc.oneof(fc.constantFrom('type', 'event', 'x-api-key', '__proto__', 'toString'), fc.string());
  const query = fc.dictionary(name, fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 1 })));
  const body = fc.dictionary(name, fc.jsonValue({ maxDepth: 4 }));
  fc.assert(
    fc.property(query, body, fc.option(fc.constant('rpd-key'), { nil: undefined }), (asked, posted, key) => {
      try {
        const { type, fields } = readEventReport(asked, posted, key, BYTES_MAX);
        const text = JSON.stringify(fields);
        expect([...type].length).toBeGreaterThanOrEqual(1);
        expect([...type].length).toBeLessThanOrEqual(100);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(BYTES_MAX);
        expect(Object.keys(fields)).not.toContain('x-api-key');
      } catch (thrown) {
        if (!(thrown instanceof RapidaError)) throw thrown;
        expect(['event_type_missing', 'invalid_request', 'body_too_large']).toContain(thrown.code);
      }
    }),
  );
});

it('counts its limit in bytes, not in characters', () => {
  // `{"a":""}` has 8 bytes, `é` has two.
  const read = (text: string) => readEventReport({}, { type: 'x', a: text }, undefined, 12).fields;
  expect(read('éé')).toEqual({ a: 'éé' });
  expect(() => read('ééé')).toThrow(expect.objectContaining({ code: 'body_too_large' }));
});
