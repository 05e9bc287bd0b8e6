import type { IncomingHttpHeaders } from 'node:http';

/** Forms cannot send it, and pages of other servers only after asking, which is never granted. */
export const CSRF_HEADER = 'x-rapida-csrf';

/**
 * Whether a request comes from a page of this server, or from no page at all. Browsers say so themselves where the
 * connection is safe (`Sec-Fetch-Site`), which needs no knowledge of what a proxy does to `Host`.
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (typeof site === 'string') return site === 'same-origin' || site === 'none';
  const { origin, host = '' } = headers;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const forwarded = headers['x-forwarded-host'];
  const ours = [host, typeof forwarded === 'string' ? (forwarded.split(',', 1)[0] ?? '') : ''];
  return ours.map(withoutUsualPort).includes(withoutUsualPort(new URL(origin).host));
}

function withoutUsualPort(host: string): string {
  return host
    .trim()
    .toLowerCase()
    .replace(/:(80|443)$/, '');
}

export function hasCsrfHeader(headers: IncomingHttpHeaders): boolean {
  return typeof headers[CSRF_HEADER] === 'string' && headers[CSRF_HEADER] !== '';
}
