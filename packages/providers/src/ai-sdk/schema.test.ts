import { describe, expect, it } from 'vitest';
import { bareSchema, objectSchema, openApiSchema } from './schema.js';

describe('the schema of a tool', () => {
  it('is one of an object with properties, without choices at its top', () => {
    expect(objectSchema({})).toEqual({ type: 'object', properties: {} });
    expect(
      objectSchema({ anyOf: [{ required: ['a'] }], properties: { a: { type: 'string' } }, required: ['a'] }),
    ).toEqual({
      ...{ type: 'object', properties: { a: { type: 'string' } } },
      required: ['a'],
    });
  });

  it('is bare for Nova', () => {
    const schema = {
      $schema: 'x',
      type: 'object',
      title: 'A',
      additionalProperties: false,
      properties: {},
      required: [],
    };
    expect(bareSchema(schema)).toEqual({ type: 'object', properties: {}, required: [] });
  });

  it.each([
    ['a format that Gemini does not know', { type: 'string', format: 'email' }, { type: 'string' }],
    ['one that it knows', { type: 'string', format: 'date-time' }, { type: 'string', format: 'date-time' }],
    ['numbers to choose from', { type: 'integer', enum: [2, 4] }, { type: 'integer', description: 'One of: 2, 4.' }],
    ['texts to choose from', { enum: ['a', 'b'] }, { type: 'string', enum: ['a', 'b'] }],
    ['one of several', { oneOf: [{ type: 'string', format: 'uri' }] }, { anyOf: [{ type: 'string' }] }],
    ['a list of it does not say what', { type: 'array' }, { type: 'array', items: { type: 'string' } }],
    ['nothing', {}, { type: 'string' }],
    ['anything', true, { type: 'string' }],
    [
      'all of several',
      { allOf: [{ properties: { a: { type: 'string' } }, required: ['a', 'b'] }, { properties: { c: {} } }] },
      { type: 'object', properties: { a: { type: 'string' }, c: { type: 'string' } }, required: ['a'] },
    ],
  ])('tells Gemini of %s', (_, property, told) => {
    const schema = { type: 'object', properties: { it: property }, required: ['it', 'nobody'] };
    expect(openApiSchema(schema)).toEqual({ type: 'object', properties: { it: told }, required: ['it'] });
  });

  it('is left as it was', () => {
    const schema = { type: 'object', properties: { it: { allOf: [{ type: 'string' }], enum: [1] } } };
    const before = structuredClone(schema);
    openApiSchema(schema);
    expect(schema).toEqual(before);
  });
});
