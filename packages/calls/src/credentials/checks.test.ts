import type { AriAccess, AriClient, AriFailureKind, AriModuleStatus, AriResult } from '@rapida/ari';
import { Secret } from '@rapida/core';
import { settle, VirtualClock } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import type { AsteriskAccess } from './access.js';
import { ariReachOf } from './access.js';
import { ariFailureCode, createCredentialChecks, OPENAI_CHECK_MS } from './checks.js';

const PBX: AsteriskAccess = {
  ari_url: 'http://127.0.0.1:8088',
  ari_user: 'rapida',
  ari_password: new Secret('correct horse'),
  endpoint_technology: 'PJSIP',
  callsPerSecond: 5,
};

const ok = <T>(value: T): AriResult<T> => ({ ok: true, value });
const failure = (kind: AriFailureKind): AriResult<never> => ({
  ok: false,
  failure: { kind, message: `it said ${kind}`, sent: true },
});

function checksWith(info: AriResult<{ version: string }>, modules: Record<string, AriResult<AriModuleStatus>> = {}) {
  const asked: AriAccess[] = [];
  const client: Pick<AriClient, 'info' | 'moduleStatus'> = {
    info: async () => info,
    moduleStatus: async (name) => modules[name] ?? ok('running'),
  };
  const ari = (access: AriAccess) => {
    asked.push(access);
    return client;
  };
  return { asked, checks: createCredentialChecks({ clock: new VirtualClock(), ari }) };
}

describe('checking an Asterisk', () => {
  const answered = ok({ version: '22.10.1' });

  it('tells its version', async () => {
    const { asked, checks } = checksWith(answered);
    expect(await checks.asterisk(PBX)).toEqual({ ok: true, code: null, message: 'Asterisk 22.10.1 answered' });
    expect(asked.map(({ url, user, password }) => [url, user, password()])).toEqual([
      ['http://127.0.0.1:8088', 'rapida', 'correct horse'],
    ]);
  });

  it('tells which modules for sound are not running, where Asterisk says so', async () => {
    const modules = { res_audiosocket: ok('not_running' as const), chan_websocket: ok('missing' as const) };
    const { checks } = checksWith(answered, modules);
    const message = 'Asterisk 22.10.1 answered; these modules are not running: res_audiosocket, chan_websocket';
    expect(await checks.asterisk(PBX)).toEqual({ ok: true, code: null, message });
    const silent = checksWith(answered, { res_audiosocket: failure('forbidden'), chan_websocket: failure('timeout') });
    expect(await silent.checks.asterisk(PBX)).toMatchObject({ ok: true, message: 'Asterisk 22.10.1 answered' });
  });

  it.each([
    ['unauthorized', 'ari_unauthorized', /compare with ari.conf.*it said unauthorized/],
    ['timeout', 'ari_unreachable', /check ari_url.*it said timeout/],
    ['protocol', 'ari_failed', /^it said protocol$/],
  ] as const)('that fails with %s says %s and what to change', async (kind, code, message) => {
    const result = await checksWith(failure(kind)).checks.asterisk(PBX);
    expect(result).toMatchObject({ ok: false, code });
    expect(result.message).toMatch(message);
  });

  it('without an address asks nobody', async () => {
    const { asked, checks } = checksWith(answered);
    const result = await checks.asterisk({ endpoint_technology: 'PJSIP', callsPerSecond: 5 });
    expect(result).toMatchObject({ ok: false, code: 'deployment_incomplete' });
    expect(result.message).toContain('ari_url');
    expect(asked).toEqual([]);
    expect(ariReachOf({ endpoint_technology: 'PJSIP', callsPerSecond: 5 })).toBeUndefined();
  });
});

describe('a failure of ARI', () => {
  it.each<[AriFailureKind, string]>([
    ['unauthorized', 'ari_unauthorized'],
    ['forbidden', 'ari_unauthorized'],
    ['unreachable', 'ari_unreachable'],
    ['timeout', 'ari_unreachable'],
    ['not_found', 'ari_failed'],
    ['server_error', 'ari_failed'],
  ])('%s is %s', (kind, code) => {
    expect(ariFailureCode(kind)).toBe(code);
  });
});

describe("checking a server with OpenAI's API", () => {
  interface Asked {
    readonly url: string;
    readonly init: RequestInit;
  }

  function openAiChecks(answer: (asked: Asked) => Promise<Response>, openAiBaseUrl?: string) {
    const clock = new VirtualClock();
    const asked: Asked[] = [];
    const fakeFetch: typeof fetch = (input, init) => {
      const request = { url: String(input), init: init ?? {} };
      asked.push(request);
      return answer(request);
    };
    const ari = () => {
      throw new Error('no test asks');
    };
    const given = openAiBaseUrl === undefined ? {} : { openAiBaseUrl };
    return {
      clock,
      asked,
      check: createCredentialChecks({ clock, ari, fetch: fakeFetch, ...given })['openai-compatible'],
    };
  }

  const KEY = { apiKey: new Secret('sk-hidden'), baseUrl: 'http://127.0.0.1:1/v1/' };
  const status = (code: number) => async () => new Response(null, { status: code });

  it('asks for its models with the key, and follows no redirect', async () => {
    const { asked, check, clock } = openAiChecks(status(200));
    expect(await check(KEY)).toMatchObject({ ok: true, code: null });
    expect(asked[0]?.url).toBe('http://127.0.0.1:1/v1/models');
    expect(asked[0]?.init).toMatchObject({ redirect: 'manual', headers: { authorization: 'Bearer sk-hidden' } });
    expect(clock.pendingTimers).toBe(0);
  });

  it('asks the server of this installation, then OpenAI, where it names none, and sends no key where it has none', async () => {
    const own = openAiChecks(status(200), 'http://127.0.0.1:2/v1');
    await own.check({});
    expect(own.asked).toMatchObject([{ url: 'http://127.0.0.1:2/v1/models', init: { headers: {} } }]);
    expect(own.asked[0]?.init.headers).toEqual({});
    const { asked, check } = openAiChecks(status(200));
    await check({});
    expect(asked[0]?.url).toBe('https://api.openai.com/v1/models');
  });

  it.each([
    [401, 'provider_auth'],
    [403, 'provider_auth'],
    [302, 'provider_unavailable'],
    [404, 'provider_unavailable'],
    [500, 'provider_unavailable'],
  ])('that answers %i says %s', async (code, expected) => {
    expect(await openAiChecks(status(code)).check(KEY)).toMatchObject({ ok: false, code: expected });
  });

  it('gives up after five seconds and lets go of the request', async () => {
    const { asked, check, clock } = openAiChecks(() => new Promise(() => {}));
    let result: unknown;
    void check(KEY).then((checked) => {
      result = checked;
    });
    await clock.advance(OPENAI_CHECK_MS - 1);
    expect(result).toBeUndefined();
    await clock.advance(1);
    expect(result).toMatchObject({ ok: false, code: 'provider_unavailable' });
    expect(asked[0]?.init.signal?.aborted).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it('reads no more of the answer than its head', async () => {
    let isCancelled = false;
    const body = new ReadableStream({
      cancel() {
        isCancelled = true;
      },
    });
    expect(await openAiChecks(async () => new Response(body)).check(KEY)).toMatchObject({ ok: true });
    await settle();
    expect(isCancelled).toBe(true);
  });

  it('never tells the key, also where it cannot be sent', async () => {
    // The platform quotes a header that it refuses.
    const { check } = openAiChecks(async ({ init }) => new Response(String(new Headers(init.headers))));
    const result = await check({ ...KEY, apiKey: new Secret('sk-hid\nden') });
    expect(result).toMatchObject({ ok: false, code: 'provider_unavailable' });
    expect(JSON.stringify(result)).not.toContain('sk-hid');
  });
});
