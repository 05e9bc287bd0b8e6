/** How to reach one Asterisk. */
export interface AriAccess {
  /** `http:` or `https:`, with or without `/ari` at the end; a path prefix is kept. No user, query or fragment. */
  readonly url: string;
  readonly user: string;
  /** Called for each request and never kept, so that a changed password needs no restart. */
  readonly password: () => string;
}

/** `http(s)://host/prefix/ari`. Throws a TypeError, without showing the url: somebody may have put a password into it. */
export function ariBase(access: AriAccess): string {
  if (!URL.canParse(access.url)) throw new TypeError('the url of ARI is no url');
  const url = new URL(access.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError('the url of ARI is not http or https');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError('the url of ARI has a user, a query or a fragment');
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/ari$/, '');
  return `${url.origin}${path}/ari`;
}

export interface AriCredentials {
  readonly authorization: string;
  /** Takes what is secret out of a text. */
  redact(text: string): string;
}

export function credentialsOf(access: AriAccess): AriCredentials {
  const password = access.password();
  const bytes = Buffer.from(`${access.user}:${password}`, 'utf8');
  const encoded = bytes.toString('base64');
  bytes.fill(0);
  const secrets = [password, encodeURIComponent(password), encoded].filter((secret) => secret !== '');
  return {
    authorization: `Basic ${encoded}`,
    redact: (text) => secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text),
  };
}
