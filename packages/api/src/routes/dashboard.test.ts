import { afterEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { createFakeUseCases } from '../testing/fake-use-cases.js';
import type { DashboardFile } from './dashboard.js';

const PAGE = '<!doctype html><head><base href="/" /><script src="./assets/a.js"></script></head>';

function file(type: string, text: string, compressed: DashboardFile['compressed'] = []): DashboardFile {
  return { type, bytes: Buffer.from(text), compressed, etag: `"${text.length}"` };
}

const FILES = new Map([
  ['index.html', file('text/html; charset=utf-8', PAGE)],
  [
    'assets/a.js',
    file('text/javascript; charset=utf-8', 'plain', [
      { coding: 'br', bytes: Buffer.from('small') },
      { coding: 'gzip', bytes: Buffer.from('middle') },
    ]),
  ],
  ['favicon.svg', file('image/svg+xml', '<svg/>')],
]);

let api: ApiUnderTest;
afterEach(() => api.close());

function start(files: ReadonlyMap<string, DashboardFile> = FILES, pathPrefix = ''): void {
  api = createApiUnderTest(createFakeUseCases(), { dashboard: files, pathPrefix });
}

const open = (url: string, headers: Readonly<Record<string, string>> = { accept: 'text/html,*/*;q=0.8' }) =>
  api.fastify.inject({ url, headers });

describe('the pages of the dashboard', () => {
  it('are the index, under every address that is no file and no route of the API', async () => {
    start();
    for (const url of ['/', '/calls/11', '/assistants/1/versions?compare=2', '/index.html', '/setup']) {
      const answer = await open(url);
      expect([answer.statusCode, answer.body], url).toEqual([200, PAGE]);
    }
  });

  it('may run scripts from here only, be framed by nobody, use the microphone, and be kept by no cache', async () => {
    start();
    const { headers } = await open('/');
    const policy = String(headers['content-security-policy']);
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining(["default-src 'self'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'self'"]),
    );
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'permissions-policy': 'microphone=(self)',
      'cache-control': 'no-store',
    });
  });

  it('are told where the browser sees them: by the settings, or by the proxy', async () => {
    start(FILES, '/tools');
    const baseOf = async (headers: Readonly<Record<string, string>>, url = '/') =>
      /<base href="([^"]*)"/.exec((await open(url, { accept: 'text/html', ...headers })).body)?.[1];
    expect(await baseOf({})).toBe('/tools/');
    expect(await baseOf({}, '/tools/calls/1')).toBe('/tools/');
    expect(await baseOf({ 'x-forwarded-prefix': '/pbx/ai/' })).toBe('/pbx/ai/');
    for (const odd of ['"><script>', '//evil.example', 'javascript:', '/a b', `/${'x'.repeat(300)}`]) {
      expect(await baseOf({ 'x-forwarded-prefix': odd }), odd).toBe('/tools/');
    }
  });

  it('hide no route of the API, and no error of it', async () => {
    start();
    expect((await open('/healthz')).statusCode).toBe(200);
    expect((await open('/v1/calls')).json()).toMatchObject({ code: 'key_missing' });
    for (const url of ['/v1', '/v1/unknown', '/metrics/x', '/readyz/', '/healthz/x', '/openapi.json/x']) {
      const answer = await open(url);
      expect([answer.statusCode, answer.json().code], url).toEqual([404, 'not_found']);
    }
    expect((await api.fastify.inject({ method: 'POST', url: '/calls' })).statusCode).toBe(404);
  });

  it('are not what a program gets that asks for something else', async () => {
    start();
    for (const [url, accept] of [
      ['/calls', 'application/json'],
      ['/assets/b.js', 'text/html'],
      ['/favicon.ico', 'text/html'],
    ] as const) {
      expect((await open(url, { accept })).json(), url).toMatchObject({ code: 'not_found' });
    }
  });

  it('are no part of the description of the API', async () => {
    start();
    expect(Object.keys((await open('/openapi.json')).json().paths)).not.toContain('/{wildcard}');
    expect((await open('/openapi.json')).body).not.toContain('/*');
  });

  it('say how to build them where they were not built', async () => {
    start(new Map());
    const answer = await open('/');
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toContain('<code>npm run build</code>');
  });
});

describe('the files of the dashboard', () => {
  it('are kept for ever where their name changes with what is in them, and asked for again where not', async () => {
    start();
    const [hashed, plain] = [await open('/assets/a.js'), await open('/favicon.svg')];
    expect(hashed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(plain.headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'image/svg+xml' });
    const again = await open('/favicon.svg', { 'if-none-match': String(plain.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it.each([
    ['gzip, deflate, br', 'br', 'small'],
    ['gzip', 'gzip', 'middle'],
    ['br;q=0, gzip;q=0.5', 'gzip', 'middle'],
    ['identity', undefined, 'plain'],
    ['', undefined, 'plain'],
  ])('are sent to who accepts "%s" as %s', async (accepted, coding, body) => {
    start();
    const answer = await open('/assets/a.js', { 'accept-encoding': accepted });
    expect([answer.headers['content-encoding'], answer.body]).toEqual([coding, body]);
    expect(answer.headers).toMatchObject({ vary: 'accept-encoding', 'x-content-type-options': 'nosniff' });
  });

  it('are those that were built and nothing else, whatever the path', async () => {
    start();
    for (const url of [
      '/../package.json',
      '/assets/..%2f..%2fpackage.json',
      '/assets/%2e%2e/a.js',
      '/assets/a.js.br',
    ]) {
      expect((await open(url)).statusCode, url).not.toBe(200);
    }
  });
});
