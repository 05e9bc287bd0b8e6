import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { PASSWORD, SESSIONS, SETUP_TOKEN } from '../testing/fake-sign-in.js';
import { createFakeUseCases, type FakeUseCases, KEYS, PROJECT } from '../testing/fake-use-cases.js';

let useCases: FakeUseCases;
let api: ApiUnderTest;
beforeEach(() => {
  useCases = createFakeUseCases();
  api = createApiUnderTest(useCases, { pathPrefix: '/rapida', trustedProxies: ['10.0.0.0/8'] });
});
afterEach(() => api.close());

type Headers = Readonly<Record<string, string>>;
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

const send = (method: Method, url: string, headers: Headers = {}, payload?: object, remoteAddress = '192.0.2.1') =>
  api.fastify.inject({ method, url, headers, remoteAddress, ...(payload && { payload }) });

const withSession = (session: keyof typeof SESSIONS, more: Headers = {}): Headers => ({
  cookie: `other=1; rapida_session=${SESSIONS[session]}`,
  ...more,
});
const OURS = { host: 'pbx.example.com', origin: 'https://pbx.example.com', 'x-rapida-csrf': '1' };

const SESSION_JSON = {
  ...{ kind: 'password', name: 'admin', keyId: null, projectId: PROJECT, scopes: ['admin'] },
  ...{ createdAt: '2026-01-02T03:04:05.678Z', expiresAt: '2026-01-02T03:05:05.678Z' },
};

describe('signing in', () => {
  it('gives a cookie that scripts cannot read and that other sites do not send', async () => {
    const answer = await send('POST', '/v1/session', OURS, { password: PASSWORD });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual(SESSION_JSON);
    expect(answer.headers['set-cookie']).toBe(
      `rapida_session=${SESSIONS.admin}; Path=/rapida/; Max-Age=60; HttpOnly; SameSite=Strict`,
    );
    expect(answer.body + api.logLines.join()).not.toContain(SESSIONS.admin);
  });

  it('keeps the cookie to TLS where a proxy speaks TLS, and under the path that the proxy tells', async () => {
    const behind = { 'x-forwarded-proto': 'https, http', 'x-forwarded-prefix': '/tools/rapida/' };
    const answer = await send('POST', '/v1/session', behind, { apiKey: KEYS.calls });
    expect(answer.headers['set-cookie']).toMatch(/; Path=\/tools\/rapida\/; .*; SameSite=Strict; Secure$/);
    const odd = await send('POST', '/v1/session', { 'x-forwarded-prefix': '//evil.example' }, { apiKey: KEYS.calls });
    expect(odd.headers['set-cookie']).toContain('; Path=/rapida/; ');
  });

  it('counts failures by the address, which only a trusted proxy may tell', async () => {
    const forwarded = { 'x-forwarded-for': '198.51.100.7' };
    await send('POST', '/v1/session', forwarded, { apiKey: 'k' });
    await send('POST', '/v1/session', forwarded, { apiKey: 'k' }, '10.1.2.3');
    expect(useCases.asked).toEqual([
      ['signIn.withKey', 'k', '192.0.2.1'],
      ['signIn.withKey', 'k', '198.51.100.7'],
    ]);
  });

  it('with a wrong password is refused, in words without it', async () => {
    const answer = await send('POST', '/v1/session', OURS, { password: 'a wrong guess' });
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'password_wrong']);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.body + api.logLines.join()).not.toContain('a wrong guess');
  });

  it.each([{}, { password: '' }, { password: 'x', apiKey: 'y' }, { password: 'x'.repeat(1_001) }])(
    'is not tried with %j',
    async (payload) => {
      const answer = await send('POST', '/v1/session', OURS, payload);
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid_request']);
      expect(useCases.asked).toEqual([]);
    },
  );

  it('is not done for a page of another server', async () => {
    for (const foreign of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      for (const url of ['/v1/session', '/v1/session/setup']) {
        const payload = url.endsWith('setup') ? { token: SETUP_TOKEN, password: PASSWORD } : { password: PASSWORD };
        const answer = await send('POST', url, { host: 'pbx.example.com', ...foreign }, payload);
        expect([answer.statusCode, answer.json().code]).toEqual([403, 'csrf_refused']);
      }
    }
  });

  it('for the first time sets the password with the token of the link', async () => {
    const setUp = (token: string) => send('POST', '/v1/session/setup', OURS, { token, password: PASSWORD });
    expect((await setUp('wrong')).json()).toMatchObject({ code: 'setup_token_invalid' });
    expect((await setUp(SETUP_TOKEN)).json()).toEqual(SESSION_JSON);
    expect((await send('GET', '/v1/sign-in')).json()).toEqual({ password: 'set', setup: 'closed', session: null });
  });
});

describe('who is signed in', () => {
  it('is told by the session, and by nothing where there is none or it is over', async () => {
    expect((await send('GET', '/v1/session', withSession('admin'))).json()).toEqual(SESSION_JSON);
    expect((await send('GET', '/v1/session')).json()).toMatchObject({ code: 'session_missing' });
    const over = await send('GET', '/v1/session', { cookie: 'rapida_session=x' });
    expect([over.statusCode, over.json().code]).toEqual([401, 'session_over']);
  });

  it('is told to a page that only asks how to sign in, and that nobody is, without a failure', async () => {
    const told = async (headers: Headers) => (await send('GET', '/v1/sign-in', headers)).json().session;
    expect(await told(withSession('admin'))).toEqual(SESSION_JSON);
    expect(await told({})).toBeNull();
    expect(await told({ cookie: 'rapida_session=x' })).toBeNull();
  });

  it('may do what the session may, as with a key; a key that is sent as well wins', async () => {
    const statusOf = async (url: string, headers: Headers) => (await send('GET', url, headers)).statusCode;
    expect(await statusOf('/v1/calls', withSession('calls'))).toBe(200);
    expect(await statusOf('/v1/api-keys', withSession('calls'))).toBe(403);
    expect(await statusOf('/v1/api-keys', withSession('admin'))).toBe(200);
    expect(await statusOf('/v1/api-keys', withSession('admin', { 'x-api-key': KEYS.calls }))).toBe(403);
    expect(await statusOf('/v1/calls', { cookie: 'rapida_session=x' })).toBe(401);
  });

  it('is nobody any more who has signed out: the cookie goes', async () => {
    const answer = await send('DELETE', '/v1/session', withSession('admin', OURS));
    expect(answer.statusCode).toBe(204);
    expect(answer.headers['set-cookie']).toBe('rapida_session=; Path=/rapida/; Max-Age=0; HttpOnly; SameSite=Strict');
    expect(useCases.asked).toEqual([['signIn.end', SESSIONS.admin]]);
  });
});

describe('what changes something with a session', () => {
  const hangup = (headers: Headers) => send('POST', '/v1/calls/11/hangup', withSession('calls', headers));

  it('needs the header that no form can send', async () => {
    const { 'x-rapida-csrf': _, ...without } = OURS;
    const refused = await hangup(without);
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'csrf_refused']);
    expect((await send('DELETE', '/v1/session', withSession('calls'))).json()).toMatchObject({ code: 'csrf_refused' });
    expect(useCases.asked).toEqual([]);
    expect((await hangup(OURS)).statusCode).toBe(204);
  });

  it.each([
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://pbx.example.com' }, 403],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://outside.example.com' }, 204],
    [{ origin: 'https://outside.example.com', 'x-forwarded-host': 'outside.example.com' }, 204],
    [{ origin: 'https://pbx.example.com', host: 'PBX.example.com:443' }, 204],
    [{}, 204],
  ])('comes from a page of this server: %j', async (headers, status) => {
    expect((await hangup({ host: 'pbx.example.com', 'x-rapida-csrf': '1', ...headers })).statusCode).toBe(status);
  });

  it('needs none of that with a key', async () => {
    const headers = { 'x-api-key': KEYS.calls, origin: 'https://crm.example.com' };
    expect((await send('POST', '/v1/calls/11/hangup', headers)).statusCode).toBe(204);
  });
});

describe('the password', () => {
  it('is changed by a session of it, which has to give it once more, or by an admin key', async () => {
    const change = { password: 'a new password', current: PASSWORD };
    expect((await send('PUT', '/v1/password', withSession('admin', OURS), change)).statusCode).toBe(204);
    const { password } = change;
    expect((await send('PUT', '/v1/password', { 'x-api-key': KEYS.admin }, { password })).statusCode).toBe(204);
    const asked = { projectId: PROJECT, password, address: '192.0.2.1' };
    expect(useCases.asked).toEqual([
      ['signIn.changePassword', { ...asked, keyId: null, current: PASSWORD, sessionId: SESSIONS.admin }],
      ['signIn.changePassword', { ...asked, keyId: '21', current: undefined, sessionId: undefined }],
    ]);
    expect((await send('PUT', '/v1/password', withSession('calls', OURS), change)).statusCode).toBe(403);
  });

  it('can be set anew with a link that an admin key asks for', async () => {
    const answer = await send('POST', '/v1/password/setup-token', { 'x-api-key': KEYS.admin });
    expect(answer.json()).toEqual({ token: SETUP_TOKEN, expiresAt: '2026-01-02T03:04:05.678Z' });
    expect(api.logLines.join()).not.toContain(SETUP_TOKEN);
  });
});

describe('a path prefix', () => {
  it('is no part of the address, whether the proxy leaves it there or not', async () => {
    for (const url of ['/v1/calls', '/rapida/v1/calls?limit=1', '/rapida/healthz']) {
      expect((await send('GET', url, withSession('calls'))).statusCode, url).toBe(200);
    }
    for (const url of ['/rapidav1/calls', '/other/v1/calls', '/rapida/rapida/v1/calls']) {
      expect((await send('GET', url, withSession('calls'))).statusCode, url).toBe(404);
    }
  });
});
