import { BlockList, isIP } from 'node:net';

/** IANA's registries of special-purpose addresses, and where clouds answer what only their machines may ask. */
const RANGES: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  unspecified: ['0.0.0.0/8', '::/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fec0::/10', '64:ff9b:1::/48'],
  'link-local': ['169.254.0.0/16', 'fe80::/10'],
  "carrier's own": ['100.64.0.0/10'],
  multicast: ['224.0.0.0/4', 'ff00::/8'],
  documentation: ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'],
  "cloud's own": ['168.63.129.16/32'],
  reserved: ['192.0.0.0/24', '192.88.99.0/24', '198.18.0.0/15', '240.0.0.0/4', '2001::/23'],
};

const LISTS = Object.entries(RANGES).map(([kind, ranges]) => ({ kind, list: listOf(ranges) }));

/** What is given out at all (RFC 4291 2.4), and two ways to write an address of version 4: mapped and NAT64 (RFC 6052). */
const UNICAST_6 = listOf(['2000::/3', '::ffff:0:0/96', '64:ff9b::/96']);

/**
 * What kind of address it is, where it is none of the public internet; undefined where it is. Addresses of version 6 that
 * lead to one of version 4 (mapped, NAT64, 6to4) are what that one is.
 */
export function notPublicKind(address: string): string | undefined {
  const version = isIP(address);
  if (version === 0) return 'unreadable';
  // Only addresses of one link name an interface.
  if (address.includes('%')) return 'link-local';
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const found = LISTS.find(({ list }) => list.check(address, family));
  if (found !== undefined) return found.kind;
  return version === 6 && !UNICAST_6.check(address, 'ipv6') ? 'reserved' : undefined;
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits] = range.split('/');
    const prefix = Number(bits);
    if (isIP(network) === 6) {
      list.addSubnet(network, prefix, 'ipv6');
      continue;
    }
    list.addSubnet(network, prefix, 'ipv4');
    list.addSubnet(`::ffff:${network}`, 96 + prefix, 'ipv6');
    list.addSubnet(`64:ff9b::${network}`, 96 + prefix, 'ipv6');
    list.addSubnet(`2002:${hexOf(network)}::`, 16 + prefix, 'ipv6');
  }
  return list;
}

function hexOf(network: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = network.split('.').map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}
