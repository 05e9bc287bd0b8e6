import type { AriAccess, AriClient, AriFailureKind, AriModuleStatus, AriResult } from '@rapida/ari';
import { RapidaError, Secret } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import type { AsteriskAccess } from './access.js';
import { ariReachOf } from './access.js';
import { ariFailureCode, createCredentialChecks, PROVIDER_CHECK_MS } from './checks.js';

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
  return { asked, checks: createCredentialChecks({ clock: new VirtualClock(), ari, probe }) };
}

const probe = () => Promise.reject(new Error('no test asks'));

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

describe('checking a provider', () => {
  const KEY = { apiKey: new Secret('sk-hidden') };

  function checkWith(probe: (signal: AbortSignal) => Promise<string>) {
    const clock = new VirtualClock();
    const asked: unknown[] = [];
    const ari = () => {
      throw new Error('no test asks');
    };
    const checks = createCredentialChecks({
      ...{ clock, ari },
      probe: (provider, credential, signal) => {
        asked.push({ provider, credential });
        return probe(signal);
      },
    });
    return { clock, asked, check: () => checks.deepgram(KEY) };
  }

  it('asks the vendor once, and tells what it said', async () => {
    const { clock, asked, check } = checkWith(async () => 'The server answered');
    expect(await check()).toEqual({ ok: true, code: null, message: 'The server answered' });
    expect(asked).toEqual([{ provider: 'deepgram', credential: KEY }]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('tells a failure as the catalogue names it', async () => {
    const { check } = checkWith(() => Promise.reject(new RapidaError('provider_auth')));
    expect(await check()).toMatchObject({ ok: false, code: 'provider_auth' });
  });

  it('gives up after five seconds and lets go of the request', async () => {
    let asking: AbortSignal | undefined;
    const { clock, check } = checkWith((signal) => {
      asking = signal;
      return new Promise(() => {});
    });
    let result: unknown;
    void check().then((checked) => {
      result = checked;
    });
    await clock.advance(PROVIDER_CHECK_MS - 1);
    expect(result).toBeUndefined();
    await clock.advance(1);
    expect(result).toMatchObject({ ok: false, code: 'provider_unavailable' });
    expect(asking?.aborted).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });
});
