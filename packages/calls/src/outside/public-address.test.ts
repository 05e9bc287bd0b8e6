import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notPublicKind } from './public-address.js';

/** First and last address of each range of the registries, and what they are. */
const EDGES: readonly (readonly [first: string, last: string, kind: string])[] = [
  ['0.0.0.0', '0.255.255.255', 'unspecified'],
  ['10.0.0.0', '10.255.255.255', 'private'],
  ['100.64.0.0', '100.127.255.255', "carrier's own"],
  ['127.0.0.0', '127.255.255.255', 'loopback'],
  ['169.254.0.0', '169.254.255.255', 'link-local'],
  ['172.16.0.0', '172.31.255.255', 'private'],
  ['192.0.0.0', '192.0.0.255', 'reserved'],
  ['192.0.2.0', '192.0.2.255', 'documentation'],
  ['192.168.0.0', '192.168.255.255', 'private'],
  ['198.18.0.0', '198.19.255.255', 'reserved'],
  ['198.51.100.0', '198.51.100.255', 'documentation'],
  ['203.0.113.0', '203.0.113.255', 'documentation'],
  ['224.0.0.0', '239.255.255.255', 'multicast'],
  ['240.0.0.0', '255.255.255.255', 'reserved'],
];

const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const addressOf = (number: number): string => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');

/** Each way to hide an address of version 4 in one of version 6. */
function formsOf(address: string): readonly string[] {
  const number = numberOf(address);
  const [high, low] = [(number >>> 16).toString(16), (number & 0xffff).toString(16)];
  return [
    address,
    `::ffff:${address}`,
    `::ffff:${high}:${low}`,
    `0:0:0:0:0:ffff:${high}:${low}`,
    `64:ff9b::${address}`,
    `64:ff9b:0:0:0:0:${high}:${low}`,
    `2002:${high}:${low}::1`,
  ];
}

describe('an address', () => {
  it.each(EDGES)('from %s to %s is %s, in every form of version 6 too', (first, last, kind) => {
    for (const address of [first, last]) {
      for (const form of formsOf(address)) expect([form, notPublicKind(form)]).toEqual([form, kind]);
    }
  });

  it('is told apart exactly as the ranges say, wherever it lies and in whatever form', () => {
    const ranges = EDGES.map(([first, last]) => [numberOf(first), numberOf(last)] as const);
    const single = [numberOf('168.63.129.16'), ...[0, 255].map((low) => numberOf('192.88.99.0') + low)];
    const near = fc
      .tuple(fc.constantFrom(...ranges.flat(), ...single), fc.integer({ min: -2, max: 2 }))
      .map(([edge, by]) => Math.min(Math.max(edge + by, 0), 2 ** 32 - 1));
    const anywhere = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(fc.oneof(anywhere, near), (number) => {
        const inRange = ranges.some(([first, last]) => first <= number && number <= last);
        const isAnycast = number >>> 8 === numberOf('192.88.99.0') >>> 8;
        const isPublic = !inRange && !isAnycast && number !== numberOf('168.63.129.16');
        for (const form of formsOf(addressOf(number))) {
          expect([form, notPublicKind(form) === undefined]).toEqual([form, isPublic]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['0:0:0:0:0:0:0:1', 'loopback'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['2606:4700::1%eth0', 'link-local'],
    ['febf:ffff::1', 'link-local'],
    ['fec0::1', 'private'],
    ['fc00::', 'private'],
    ['fd00:ec2::254', 'private'],
    ['ff02::1', 'multicast'],
    ['2001:db8::1', 'documentation'],
    ['3fff:fff:ffff::1', 'documentation'],
    ['2001::1', 'reserved'],
    ['2001:1ff::1', 'reserved'],
    ['64:ff9b:1::8.8.8.8', 'private'],
    ['64:ff9b::a9fe:a9fe', 'link-local'],
    ['::8.8.8.8', 'reserved'],
    ['::127.0.0.1', 'reserved'],
    ['100::1', 'reserved'],
    ['4000::1', 'reserved'],
    ['5f00::1', 'reserved'],
    ['1fff:ffff::1', 'reserved'],
    ['192.88.99.1', 'reserved'],
    ['168.63.129.16', "cloud's own"],
    ['169.254.169.254', 'link-local'],
    ['100.100.100.200', "carrier's own"],
  ])('%s is %s', (address, kind) => {
    expect(notPublicKind(address)).toBe(kind);
  });

  it.each(['2606:4700:4700::1111', '2001:200::1', '2001:4860:4860::8888', '2a00:1450::1', '3ffe::1', '1.1.1.1'])(
    '%s is public',
    (address) => {
      expect(notPublicKind(address)).toBeUndefined();
    },
  );

  it.each(['', 'localhost', '1.2.3', '1.2.3.4.5', '::g', '0x7f.1', '127.1'])('%j is none', (text) => {
    expect(notPublicKind(text)).toBe('unreadable');
  });
});
