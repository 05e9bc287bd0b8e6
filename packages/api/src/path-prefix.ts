import type { IncomingHttpHeaders } from 'node:http';

const CHARS_MAX = 200;
/** No empty part: `//host` would be another server. */
const PREFIX = /^(\/[A-Za-z0-9._~-]+)+$/;

export function isPathPrefix(text: string): boolean {
  return text.length <= CHARS_MAX && PREFIX.test(text);
}

/**
 * Under which path a browser sees this server: '' or `/rapida`. What a proxy says wins over the settings; it is only ever
 * told back to whoever sent it.
 */
export function pathPrefix(headers: IncomingHttpHeaders, configured: string): string {
  const told = headers['x-forwarded-prefix'];
  const prefix = typeof told === 'string' ? told.replace(/\/+$/, '') : '';
  return isPathPrefix(prefix) ? prefix : configured;
}

/** The target of a request without the configured prefix, which a proxy may have left there. */
export function withoutPrefix(target: string, configured: string): string {
  if (configured === '' || !target.startsWith(configured)) return target;
  const rest = target.slice(configured.length);
  if (rest.startsWith('/')) return rest;
  return rest === '' || rest.startsWith('?') ? `/${rest}` : target;
}
