/**
 * `fetch` as a signed-in page uses it: the cookie goes along by itself, and requests that change something say that they
 * come from this page, which no other site can make a browser say.
 */
export function sessionFetch(fetchIt: typeof fetch): typeof fetch {
  return (input, init = {}) => {
    const headers = new Headers(init.headers);
    if ((init.method ?? 'GET') !== 'GET') headers.set('x-rapida-csrf', '1');
    return fetchIt(input, { ...init, headers });
  };
}
