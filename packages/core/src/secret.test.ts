import { Session } from 'node:inspector';
import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from './secret.js';

const PLAIN = 'sk-Grüße-👋-0123456789';

/** What an object really holds, private fields too, as a debugger or a dump of memory sees it. */
function privateBytes(object: object): Map<string, Buffer> {
  const session = new Session();
  session.connect();
  const call = <T>(method: string, parameters: object): T => {
    let answer: unknown;
    session.post(method, parameters, (error, result) => {
      if (error !== null) throw error;
      answer = result;
    });
    return answer as T;
  };
  try {
    Object.assign(globalThis, { secretUnderTest: object });
    const expression = 'globalThis.secretUnderTest';
    const { result } = call<{ result: { objectId: string } }>('Runtime.evaluate', { expression });
    const { privateProperties = [] } = call<{
      privateProperties?: { name: string; value: { objectId: string } }[];
    }>('Runtime.getProperties', { objectId: result.objectId, ownProperties: true });
    const functionDeclaration = 'function () { return Array.from(this) }';
    return new Map(
      privateProperties.map(({ name, value: { objectId } }) => {
        const bytes = { objectId, functionDeclaration, returnByValue: true };
        const { result } = call<{ result: { value: number[] } }>('Runtime.callFunctionOn', bytes);
        return [name, Buffer.from(result.value)];
      }),
    );
  } finally {
    Reflect.deleteProperty(globalThis, 'secretUnderTest');
    session.disconnect();
  }
}

describe('Secret', () => {
  it.each(['', 'x', PLAIN, '\0\u{10ffff}\n', 'long '.repeat(10_000)])(
    'reveals what it was given, each time',
    (value) => {
      const secret = new Secret(value);
      expect(secret.reveal()).toBe(value);
      expect(secret.reveal()).toBe(value);
    },
  );

  const inside = { list: [{ key: new Secret(PLAIN) }], map: new Map([['key', new Secret(PLAIN)]]) };
  it.each<[string, string, string]>([
    ['a template', `${new Secret(PLAIN)}`, '[secret]'],
    ['a sum', `${'key '}${String(new Secret(PLAIN))}`, 'key [secret]'],
    ['JSON', JSON.stringify({ deep: [new Secret(PLAIN)] }), '{"deep":["[secret]"]}'],
    ['inspection', inspect(new Secret(PLAIN)), '[secret]'],
    ['the console, as an object', format('%o', new Secret(PLAIN)), '[secret]'],
    ['the console, as text', format('%s', new Secret(PLAIN)), '[secret]'],
    ['the console, as JSON', format('%j', new Secret(PLAIN)), '"[secret]"'],
    ['the console, as what follows', format('key', new Secret(PLAIN)), 'key [secret]'],
  ])('shows [secret] in %s', (_where, printed, wanted) => {
    expect(printed).toBe(wanted);
  });

  it('shows [secret] however deep it is inspected, and nothing where its own word is not asked', () => {
    const deep = inspect(inside, { depth: null, showHidden: true, getters: true });
    expect(deep.match(/\[secret\]/g)).toHaveLength(2);
    expect(deep).not.toContain('sk-');
    const without = inspect(inside, { depth: null, showHidden: true, customInspect: false });
    expect(without).not.toContain('sk-');
    expect(without).not.toContain(Buffer.from(PLAIN).toString('hex').slice(0, 6));
  });

  it('has no property that can be read', () => {
    const secret = new Secret(PLAIN);
    expect(Reflect.ownKeys(secret)).toEqual([]);
    expect({ ...secret }).toEqual({});
  });

  it('holds no plain bytes, also after it was revealed', () => {
    const secret = new Secret(PLAIN);
    secret.reveal();
    const held = privateBytes(secret);
    expect(held.size).toBeGreaterThan(0);
    const plain = Buffer.from(PLAIN);
    for (const [name, bytes] of held) {
      for (let at = 0; at + 4 <= plain.length; at++) {
        expect(bytes.includes(plain.subarray(at, at + 4)), name).toBe(false);
      }
    }
  });

  it('is masked differently each time', () => {
    const [one, two] = [privateBytes(new Secret(PLAIN)), privateBytes(new Secret(PLAIN))];
    for (const [name, bytes] of one) expect(bytes, name).not.toEqual(two.get(name));
  });
});
