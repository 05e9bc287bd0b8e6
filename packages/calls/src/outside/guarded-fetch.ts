import { lookup as systemLookupOf } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { RapidaError } from '@rapida/core';
import { Agent, type RequestInit as UndiciInit, fetch as undiciFetch } from 'undici';
import { notPublicKind } from './public-address.js';

/** Where tools may go. */
export interface ReachRules {
  /** Undefined: everywhere on the public internet. Else nowhere but to these: `host`, `host:port`, `*.domain`; also private ones. */
  readonly allowedHosts: readonly string[] | undefined;
  readonly lookup?: Lookup;
}

export type Lookup = (hostname: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

const systemLookup: Lookup = (hostname) => systemLookupOf(hostname, { all: true });

/** Connections to one host at a time, by all tools of this process. */
const CONNECTIONS_MAX = 20;
const CONNECT_MS_MAX = 5_000;

export interface GuardedFetch {
  readonly fetch: typeof fetch;
  /** Fails with `tool_refused` where the address may not be reached, as far as can be told without asking for its name. */
  check(url: string): void;
  close(): Promise<void>;
}

/**
 * `fetch` that reaches nothing the operator has not allowed. What a name means is looked at in the moment of connecting, so that it cannot
 * mean something else a moment later; redirects are not followed.
 */
export function createGuardedFetch({ allowedHosts, lookup = systemLookup }: ReachRules): GuardedFetch {
  const permitted = allowedHosts?.map(patternOf);

  /** Whether an address need not be of the public internet. */
  function check(text: string): boolean {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) throw refused('its address is neither http nor https');
    if (url.username !== '' || url.password !== '') throw refused('its address holds a user or a password');
    const host = hostOf(url);
    if (permitted !== undefined) {
      const port = url.port || (url.protocol === 'https:' ? '443' : '80');
      if (permitted.some((pattern) => pattern(host, port))) return true;
      throw refused(`${host} is not among TOOLS__ALLOWED_HOSTS`);
    }
    if (isIP(host) !== 0) refuseNotPublic(host, host);
    return false;
  }

  const guardedLookup: LookupFunction = (hostname, options, found) => {
    lookup(hostname).then(
      (addresses) => {
        try {
          if (permitted === undefined) for (const { address } of addresses) refuseNotPublic(hostname, address);
          const [first] = addresses;
          if (first === undefined) throw refused(`${hostname} has no address`);
          if (options.all) found(null, [...addresses]);
          else found(null, first.address, first.family);
        } catch (error) {
          found(error as NodeJS.ErrnoException, '', 0);
        }
      },
      // Why is not told: it would describe the name servers of this network.
      () => found(refused(`${hostname} has no address`) as NodeJS.ErrnoException, '', 0),
    );
  };
  const agent = new Agent({
    connections: CONNECTIONS_MAX,
    connect: { lookup: guardedLookup, timeout: CONNECT_MS_MAX },
  });

  return {
    check: (url) => void check(url),
    close: () => agent.close(),
    fetch: (async (input: string | URL | Request, init?: RequestInit) => {
      check(typeof input === 'string' ? input : input instanceof URL ? input.href : input.url);
      // The types of the platform's own and of this one differ in name only.
      return undiciFetch(input as string, {
        ...(init as unknown as UndiciInit),
        redirect: 'manual',
        dispatcher: agent,
      });
    }) as unknown as typeof fetch,
  };
}

function refuseNotPublic(host: string, address: string): void {
  const kind = notPublicKind(address);
  if (kind === undefined) return;
  throw refused(`${host} is not on the public internet (${kind}); TOOLS__ALLOWED_HOSTS permits it`);
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

/** `host`, `host:port` or `*.domain`; `[::1]:8080` for an address of version 6. */
function patternOf(text: string): (host: string, port: string) => boolean {
  const wanted = text.trim().toLowerCase();
  const { host = '', port } = /^\[?(?<host>[^\]]*?)\]?(?::(?<port>[0-9]{1,5}))?$/.exec(wanted)?.groups ?? {};
  return (askedHost, askedPort) => {
    if (port !== undefined && port !== askedPort) return false;
    return host.startsWith('*.') ? askedHost.endsWith(host.slice(1)) : askedHost === host;
  };
}

function refused(why: string): RapidaError {
  return new RapidaError('tool_refused', `The tool may not go there: ${why}.`);
}
