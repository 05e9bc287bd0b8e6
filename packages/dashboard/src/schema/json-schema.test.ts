import { describe, expect, it } from 'vitest';
import { alternativeOf, discriminatorOf, freshValue, plainOf, withValue } from './json-schema.js';

const local = { type: 'object', properties: { provider: { const: 'local' }, model: { type: 'string', default: 'm' } } };
const far = { type: 'object', required: ['provider'], properties: { provider: { const: 'far' } } };

describe('alternatives', () => {
  it('are told apart by the field whose value each fixes', () => {
    expect(discriminatorOf([local, far])).toBe('provider');
    expect(alternativeOf([local, far], { provider: 'far' })).toBe(far);
    expect(alternativeOf([local, far], {})).toBe(local);
  });
});

describe('what stands for nothing', () => {
  it('is null, the empty text, or leaving it out', () => {
    expect(plainOf({ type: ['string', 'null'] }).nothing).toBeNull();
    expect(plainOf({ anyOf: [{ type: 'integer' }, { type: 'null' }] })).toEqual({
      schema: { type: 'integer' },
      nothing: null,
    });
    expect(
      plainOf({
        anyOf: [
          { type: 'string', const: '' },
          { type: 'string', pattern: 'a' },
        ],
      }).nothing,
    ).toBe('');
    expect(plainOf({ type: 'string' }).nothing).toBeUndefined();
  });
});

describe('a fresh value', () => {
  it('has the defaults and what is required', () => {
    expect(freshValue({ oneOf: [local, far] })).toEqual({ provider: 'local', model: 'm' });
    expect(
      freshValue({
        type: 'object',
        required: ['name', 'phrases'],
        properties: { name: { type: 'string' }, phrases: { type: 'array' }, confirm: { type: 'string' } },
      }),
    ).toEqual({ name: '', phrases: [] });
  });
});

describe('another value in one place', () => {
  it('leaves all others as they are, and in their order', () => {
    const whole = { a: 1, b: { c: [1, 2] }, d: 3 };
    const next = withValue(whole, ['b', 'c', '1'], 9);
    expect(JSON.stringify(next)).toBe('{"a":1,"b":{"c":[1,9]},"d":3}');
    expect(whole.b.c).toEqual([1, 2]);
  });

  it('takes the place away where there is no value, and makes places that were not there', () => {
    expect(withValue({ a: 1, b: 2 }, ['a'], undefined)).toEqual({ b: 2 });
    expect(withValue({}, ['a', 'b'], 1)).toEqual({ a: { b: 1 } });
  });
});
