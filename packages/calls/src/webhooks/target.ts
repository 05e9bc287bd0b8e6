import type { LookupAddress } from 'node:dns';
import { lookup as systemLookupOf } from 'node:dns/promises';
import { isIP } from 'node:net';
import { RapidaError } from '@rapida/core';
import { notPublicKind } from '../outside/public-address.js';

const URL_CHARACTERS_MAX = 2_048;

/** All addresses of a host; rejects, or gives none, where there are none. */
export type Lookup = (hostname: string) => Promise<readonly LookupAddress[]>;

/** As this machine does it, `/etc/hosts` included. */
export const systemLookup: Lookup = (hostname) => systemLookupOf(hostname, { all: true });

export interface TargetRules {
  /** Permits every address there is: for receivers in the same network. */
  readonly allowPrivate: boolean;
  readonly lookup: Lookup;
}

export interface CheckedTarget {
  readonly url: URL;
  /** What was checked, at least one: to connect to nothing else, for a name may have other addresses a moment later. */
  readonly addresses: readonly LookupAddress[];
}

/**
 * Where a webhook may be sent: http or https, no user in the address, and a host all of whose addresses are public. Fails
 * with webhook_target_refused; the message tells why and no more than the host.
 */
export async function checkTarget(url: string, rules: TargetRules): Promise<CheckedTarget> {
  if (url.length > URL_CHARACTERS_MAX) throw refused(`has more than ${URL_CHARACTERS_MAX} characters`);
  const parsed = parse(url);
  if (parsed === undefined) throw refused('cannot be read');
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') throw refused('is neither http nor https');
  if (parsed.username !== '' || parsed.password !== '') throw refused('holds a user or a password');
  // An address of version 6 is written in brackets.
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  const addresses = await addressesOf(host, rules.lookup);
  if (!rules.allowPrivate) for (const { address } of addresses) refuseNotPublic(host, address);
  return { url: parsed, addresses };
}

async function addressesOf(host: string, lookup: Lookup): Promise<readonly LookupAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  // Why is not told: it would describe the name servers of this network.
  const addresses = await lookup(host).catch(() => []);
  if (addresses.length === 0) throw refused(`names a host that has no address: ${host}`);
  return addresses;
}

function refuseNotPublic(host: string, address: string): void {
  const kind = notPublicKind(address);
  if (kind === undefined) return;
  throw refused(
    `leads to ${host}, which is not on the public internet (${kind}); WEBHOOKS__ALLOW_PRIVATE=true permits it`,
  );
}

function refused(why: string): RapidaError {
  return new RapidaError('webhook_target_refused', `The address of the webhook ${why}.`);
}

function parse(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}
