import type { Secret } from '@rapida/core';

export interface Reach {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly apiKey: Secret | undefined;
}

/**
 * Where an engine is reached, and with which key. `wanted` is what the assistant says: whoever may edit an assistant must not be able
 * to have the key sent to a server of theirs, so an address of another origin than the credential's is reached without it.
 */
export function reachOf(
  credential: { readonly baseUrl?: string | undefined; readonly apiKey?: Secret | undefined },
  standard: string,
  wanted: string | undefined,
): Reach {
  const own = credential.baseUrl ?? standard;
  const baseUrl = wanted ?? own;
  const isOwn = new URL(baseUrl).origin === new URL(own).origin;
  return { baseUrl: baseUrl.replace(/\/+$/, ''), apiKey: isOwn ? credential.apiKey : undefined };
}

/** The same address for sockets: ws for http, wss for https. */
export function socketUrl(baseUrl: string): string {
  return baseUrl.replace(/^http/, 'ws');
}
