import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatUuid, parseUuid } from './uuid.js';

describe('uuid', () => {
  it('writes the bytes in the order of RFC 9562, in lower case', () => {
    const bytes = Uint8Array.of(
      0x6b,
      0xa7,
      0xb8,
      0x10,
      0x9d,
      0xad,
      0x11,
      0xd1,
      0x80,
      0xb4,
      0,
      0xc0,
      0x4f,
      0xd4,
      0x30,
      0xc8,
    );
    expect(formatUuid(bytes)).toBe('6ba7b810-9dad-11d1-80b4-00c04fd430c8');
    expect(parseUuid('6BA7B810-9DAD-11D1-80B4-00C04FD430C8')).toEqual(bytes);
  });

  it('brings any 16 bytes back, whatever version they claim', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        expect(parseUuid(formatUuid(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each([
    '',
    '6ba7b8109dad11d180b400c04fd430c8',
    '{6ba7b810-9dad-11d1-80b4-00c04fd430c8}',
    '6ba7b810-9dad-11d1-80b4-00c04fd430cg',
    '6ba7b810-9dad-11d1-80b4-00c04fd430c8\n',
  ])('refuses %j, as Asterisk does', (text) => {
    expect(parseUuid(text)).toBeUndefined();
  });

  it.each([0, 15, 17, 36])('does not format %i bytes', (length) => {
    expect(() => formatUuid(new Uint8Array(length))).toThrow(RangeError);
  });
});
