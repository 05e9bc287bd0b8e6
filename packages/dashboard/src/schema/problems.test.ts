import { describe, expect, it } from 'vitest';
import type { JsonSchema } from './json-schema.js';
import { problemsOf, problemsTold } from './problems.js';

const SCHEMA: JsonSchema = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 5 },
    waitMs: { type: 'integer', minimum: 100, maximum: 500 },
    address: { type: 'string', format: 'uri' },
    variables: {
      type: 'object',
      propertyNames: { type: 'string', pattern: '^[a-z]+$' },
      additionalProperties: { type: 'string', maxLength: 3 },
    },
    engine: {
      oneOf: [
        { type: 'object', properties: { provider: { const: 'local' } }, additionalProperties: false },
        {
          type: 'object',
          required: ['provider'],
          properties: { provider: { const: 'far' }, key: { type: 'string', minLength: 2 } },
        },
      ],
    },
    trunk: {
      anyOf: [
        { type: 'string', const: '' },
        { type: 'string', pattern: '^[a-z]+$' },
      ],
    },
    credentialId: { type: ['string', 'null'] },
    lines: { type: 'array', minItems: 1, maxItems: 2, items: { type: 'string', minLength: 1 } },
    how: { type: 'string', enum: ['auto', 'off'] },
  },
};

const paths = (value: unknown) => problemsOf(SCHEMA, value).map(({ path }) => path);

describe('the problems of a value', () => {
  it('are none where it is as the schema says', () => {
    const value = {
      ...{ name: 'Desk', waitMs: 300, address: 'https://example.com', variables: { company: 'abc' } },
      ...{ engine: { provider: 'far', key: 'ab' }, trunk: '', credentialId: null, lines: ['a'], how: 'off' },
    };
    expect(problemsOf(SCHEMA, value)).toEqual([]);
  });

  it.each([
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'too long' }, 'name'],
    [{ name: 'x', waitMs: 99 }, 'waitMs'],
    [{ name: 'x', waitMs: 100.5 }, 'waitMs'],
    [{ name: 'x', address: 'nowhere' }, 'address'],
    [{ name: 'x', variables: { Company: 'a' } }, 'variables.Company'],
    [{ name: 'x', variables: { company: 'abcd' } }, 'variables.company'],
    [{ name: 'x', engine: { provider: 'far', key: 'a' } }, 'engine.key'],
    [{ name: 'x', engine: { provider: 'local', key: 'ab' } }, 'engine.key'],
    [{ name: 'x', trunk: 'UPPER' }, 'trunk'],
    [{ name: 'x', credentialId: 5 }, 'credentialId'],
    [{ name: 'x', lines: [] }, 'lines'],
    [{ name: 'x', lines: ['a', ''] }, 'lines.1'],
    [{ name: 'x', how: 'on' }, 'how'],
    [{ name: 'x', strange: true }, 'strange'],
  ])('name the field: %j', (value, path) => {
    expect(paths(value)).toEqual([path]);
  });
});

describe('what the server tells', () => {
  it('is put to the fields that it names', () => {
    const told = 'dialogue.intents.0.name: Invalid string; dialogue.intents.0.phrases: Too small: expected one';
    expect(problemsTold(told)).toEqual([
      { path: 'dialogue.intents.0.name', text: 'Invalid string' },
      { path: 'dialogue.intents.0.phrases', text: 'Too small: expected one' },
    ]);
  });

  it('names no field where it speaks of the whole', () => {
    expect(problemsTold('Another assistant of this project has this name.')).toEqual([]);
    expect(problemsTold('body: Unrecognized key')).toEqual([]);
  });
});
