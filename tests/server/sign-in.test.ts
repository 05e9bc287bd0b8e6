import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, request } from './support/api.js';
import { type ServerUnderTest, startServerUnderTest } from './support/server-under-test.js';

const PASSWORD = 'correct horse battery';
const CSRF = { 'x-rapida-csrf': '1' };

/** What a browser keeps of a server: one cookie. */
class Browser {
  readonly #url: string;
  cookie = '';

  constructor(url: string) {
    this.#url = url;
  }

  async send(method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = CSRF) {
    const answer = await request(this.#url, path, {
      method,
      headers: { ...headers, ...(this.cookie !== '' && { cookie: this.cookie }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const set = answer.headers.get('set-cookie');
    if (set !== null) this.cookie = set.split(';', 1)[0] ?? '';
    return answer;
  }

  async status(path: string): Promise<number> {
    return (await this.send('GET', path)).status;
  }
}

const codeOf = ({ text }: Answer): string => (JSON.parse(text) as { code: string }).code;

async function folderWithPages(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rapida-pages-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><head><base href="/" /></head><p>the dashboard');
  return folder;
}

describe('a person with a browser', () => {
  let pages: string;
  let server: ServerUnderTest;
  let link: URL;
  beforeAll(async () => {
    pages = await folderWithPages();
    const environment = { HTTP__PATH_PREFIX: '/rapida', HTTP__TRUSTED_PROXIES: '127.0.0.1' };
    server = await startServerUnderTest({ dashboardDir: pages, environment });
    link = new URL(server.server.setUpLink ?? '');
  });
  afterAll(async () => {
    await server.stop();
    await rm(pages, { recursive: true });
  });

  it('is shown the pages under the prefix of the server', async () => {
    expect(link.pathname).toBe('/rapida/setup');
    expect(`${await readFile(join(server.dataDir, 'setup-link'), 'utf8')}`.trim()).toBe(link.href);
    const { text } = await request(server.url, '/rapida/setup', { headers: { accept: 'text/html' } });
    expect(text).toBe('<!doctype html><head><base href="/rapida/" /></head><p>the dashboard');
  });

  it('sets the password once, with the link of the first start, and is in', async () => {
    const browser = new Browser(server.url);
    const setUp = { token: link.hash.slice(1), password: PASSWORD };
    expect(await browser.status('/v1/calls')).toBe(401);
    expect((await browser.send('POST', '/rapida/v1/session/setup', setUp)).status).toBe(200);
    expect(await browser.status('/rapida/v1/calls')).toBe(200);
    expect(await browser.status('/v1/api-keys')).toBe(200);
    expect(codeOf(await new Browser(server.url).send('POST', '/v1/session/setup', setUp))).toBe('setup_token_invalid');
  });

  it('signs in with the password, changes something, and signs out', async () => {
    const browser = new Browser(server.url);
    expect((await browser.send('POST', '/v1/session', { password: PASSWORD })).status).toBe(200);
    const stolen = browser.cookie;
    const key = { name: 'made in a browser', scopes: ['calls'] };
    expect(codeOf(await browser.send('POST', '/v1/api-keys', key, {}))).toBe('csrf_refused');
    expect(codeOf(await browser.send('POST', '/v1/api-keys', key, { ...CSRF, origin: 'https://evil.example' }))).toBe(
      'csrf_refused',
    );
    expect((await browser.send('POST', '/v1/api-keys', key, { ...CSRF, origin: server.url })).status).toBe(201);
    expect((await browser.send('DELETE', '/v1/session')).status).toBe(204);
    browser.cookie = stolen;
    expect(codeOf(await browser.send('GET', '/v1/calls'))).toBe('session_over');
  });

  it('may do with a key what the key may, and until it is revoked', async () => {
    const made = await server.api.send<{ id: string; key: string }>('POST', '/v1/api-keys', {
      ...{ name: 'crm', scopes: ['calls'] },
    });
    const browser = new Browser(server.url);
    const session = await browser.send('POST', '/v1/session', { apiKey: made.key });
    expect(JSON.parse(session.text)).toMatchObject({ kind: 'key', name: 'crm', scopes: ['calls'] });
    expect([await browser.status('/v1/calls'), await browser.status('/v1/api-keys')]).toEqual([200, 403]);
    await request(server.url, `/v1/api-keys/${made.id}`, { method: 'DELETE', key: server.api.key });
    expect(await browser.status('/v1/calls')).toBe(401);
  });

  it('who guesses has to wait after ten guesses; the others do not', async () => {
    const guess = (password: string, address: string) =>
      new Browser(server.url).send('POST', '/v1/session', { password }, { 'x-forwarded-for': address });
    for (let n = 0; n < 10; n++) expect(codeOf(await guess(`guess ${n}`, '198.51.100.1'))).toBe('password_wrong');
    const refused = await guess(PASSWORD, '198.51.100.1');
    expect([refused.status, codeOf(refused)]).toEqual([429, 'too_many_sign_ins']);
    expect(refused.headers.get('retry-after')).toBe('600');
    expect((await guess(PASSWORD, '198.51.100.2')).status).toBe(200);
  });

  it('leaves no password, token or session in the log', () => {
    const log = JSON.stringify(server.lines);
    expect(log).toContain('signing in was refused');
    for (const secret of [PASSWORD, link.hash.slice(1), 'guess 1']) expect(log).not.toContain(secret);
  });
});

describe('a session', () => {
  it('outlives a restart of the server, as the password does, and no link is made again', async () => {
    const first = await startServerUnderTest();
    const token = new URL(first.server.setUpLink ?? '').hash.slice(1);
    const browser = new Browser(first.url);
    await browser.send('POST', '/v1/session/setup', { token, password: PASSWORD });
    await first.server.close();
    const second = await startServerUnderTest({ environment: { DATA_DIR: first.dataDir } });
    try {
      expect(second.server.setUpLink).toBeUndefined();
      const later = new Browser(second.url);
      later.cookie = browser.cookie;
      expect(await later.status('/v1/calls')).toBe(200);
      expect((await later.send('POST', '/v1/session', { password: PASSWORD })).status).toBe(200);
    } finally {
      await second.stop();
      await first.stop();
    }
  });
});
