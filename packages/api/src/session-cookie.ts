import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { pathPrefix } from './path-prefix.js';

export const SESSION_COOKIE = 'rapida_session';
/** Cookies are looked into so far: the header has a limit of its own. */
const COOKIES_MAX = 100;

/** The browser sends the one of the longest path first. */
export function sessionIn({ cookie = '' }: IncomingHttpHeaders): string | undefined {
  for (const pair of cookie.split(';', COOKIES_MAX)) {
    const [name = '', value = ''] = pair.split('=', 2);
    if (name.trim() === SESSION_COOKIE && value.trim() !== '') return value.trim();
  }
  return undefined;
}

/** `configured` is the prefix of the settings. `maxAgeSeconds` 0 takes the cookie away. */
export function sessionCookie(
  request: Pick<IncomingMessage, 'headers' | 'socket'>,
  { id, maxAgeSeconds, configured }: { id: string; maxAgeSeconds: number; configured: string },
): string {
  const path = `${pathPrefix(request.headers, configured)}/`;
  const attributes = [`Path=${path}`, `Max-Age=${maxAgeSeconds}`, 'HttpOnly', 'SameSite=Strict'];
  if (isSecure(request)) attributes.push('Secure');
  return [`${SESSION_COOKIE}=${id}`, ...attributes].join('; ');
}

/** What is in front of us may be told by anybody: whoever lies gets a cookie that his own browser does not send. */
function isSecure({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
  if ((socket as Partial<TLSSocket>).encrypted === true) return true;
  const forwarded = headers['x-forwarded-proto'];
  return typeof forwarded === 'string' && forwarded.split(',', 1)[0]?.trim().toLowerCase() === 'https';
}
