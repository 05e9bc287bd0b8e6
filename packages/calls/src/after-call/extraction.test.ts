import type { JsonObject } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { EXTRACTION_CHARS_MAX, extractionCheck, extractionProblem } from './extraction.js';

const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties });

describe('the schema of an extraction', () => {
  it.each<[string, JsonObject]>([
    ['nothing but an object', { type: 'object' }],
    [
      'another draft',
      { $schema: 'http://json-schema.org/draft-07/schema#', $id: 'https://example.com/x', type: 'object' },
    ],
    [
      'choices and lists',
      object({ reason: { enum: ['a', 'b'] }, items: { type: 'array', items: { type: 'string' } } }),
    ],
    ['values that may be missing', object({ name: { type: ['string', 'null'], description: 'of the caller' } })],
    ['properties that are called like keywords', object({ pattern: { type: 'string' }, format: { type: 'string' } })],
  ])('is taken with %s', (_what, schema) => {
    expect(extractionProblem(schema)).toBeUndefined();
  });

  it.each<[string, JsonObject, string]>([
    ['another type', { type: 'array' }, 'its `type` must be object'],
    ['no type', {}, 'its `type` must be object'],
    ['a keyword that there is not', { type: 'object', propertys: {} }, 'unknown keyword: "propertys"'],
    ['a type that there is not', object({ n: { type: 'text' } }), 'must be equal to one of the allowed values'],
    ['a reference to nothing', object({ n: { $ref: '#/$defs/none' } }), "can't resolve reference #/$defs/none"],
    ['a reference to elsewhere', object({ n: { $ref: 'https://example.com/x' } }), "can't resolve reference"],
    ['a pattern, which could hold up every call', object({ n: { type: 'string', pattern: '(a+)+$' } }), '`pattern`'],
    ['a pattern of names', { type: 'object', patternProperties: { '^a': {} } }, '`patternProperties`'],
    ['a format', object({ n: { type: 'string', format: 'email' } }), '`format`'],
    ['too much text', { type: 'object', description: 'x'.repeat(EXTRACTION_CHARS_MAX) }, 'is longer than'],
  ])('is refused with %s', (_what, schema, problem) => {
    expect(extractionProblem(schema)).toContain(problem);
  });

  it('is refused where it is nested beyond measure', () => {
    let deep: JsonObject = {};
    for (let depth = 0; depth < 100_000; depth++) deep = { not: deep };
    expect(extractionProblem({ type: 'object', ...deep })).toContain('nested too deeply');
  });

  it('tells what is wrong with a value', () => {
    const check = extractionCheck({ ...object({ age: { type: 'integer' } }), required: ['age'] });
    expect(check({ age: 4 })).toBeUndefined();
    expect(check({ age: 'four' })).toBe('age must be integer');
    expect(check({})).toBe("it must have required property 'age'");
    expect(check('no')).toBe('it must be object');
  });
});
