import { type CredentialRecord, Secret } from '@rapida/core';
import { settle, VirtualClock } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import type { CredentialCheck } from '../use-cases.js';
import { ASKED_AT_ONCE_MAX, createProviderHealth, HEALTH_KEPT_MS, type OwnKey } from './health.js';

const GOOD: CredentialCheck = { ok: true, code: null, message: 'The server answered' };
const BAD: CredentialCheck = { ok: false, code: 'provider_auth', message: 'no' };

const record = (id: string, updatedAtMs = 1): CredentialRecord => ({
  ...{ id, projectId: '1', name: `key ${id}`, provider: 'deepgram', fields: ['apiKey'], sealed: '', callsPerSecond: 5 },
  ...{ createdAtMs: 1, updatedAtMs, lastUsedAtMs: null },
});

function make(records: readonly CredentialRecord[], ownKeys: readonly OwnKey[] = []) {
  const clock = new VirtualClock();
  const asked: string[] = [];
  const gates: (() => void)[] = [];
  const state = { records, gated: false };
  const answer = async (who: string, check: CredentialCheck) => {
    asked.push(who);
    if (state.gated) await new Promise<void>((resolve) => gates.push(resolve));
    return check;
  };
  const health = createProviderHealth({
    ...{ clock, ownKeys },
    credentials: { list: async () => ({ data: state.records, nextCursor: null }) },
    checkRecord: ({ id }) => answer(id, id === '2' ? BAD : GOOD),
    checkOwn: ({ provider }) => answer(provider, GOOD),
  });
  return { clock, asked, gates, state, look: () => health('1') };
}

describe('the health of providers', () => {
  it('is what each of them answers: the keys of the server, and the credentials of the project', async () => {
    const { look } = make(
      [record('1'), record('2')],
      [{ provider: 'groq', credential: { apiKey: new Secret('gsk-1') } }],
    );
    const found = await look();
    expect(found).toMatchObject([
      { provider: 'groq', credentialId: null, name: null, ok: true },
      { provider: 'deepgram', credentialId: '1', name: 'key 1', ok: true, code: null },
      { provider: 'deepgram', credentialId: '2', ok: false, code: 'provider_auth' },
    ]);
    expect(JSON.stringify(found)).not.toContain('gsk-1');
  });

  it('is asked once a minute at most, and at once after a credential was changed', async () => {
    const { clock, asked, state, look } = make([record('1')]);
    await look();
    await look();
    expect(asked).toEqual(['1']);
    state.records = [record('1', 2)];
    await look();
    expect(asked).toEqual(['1', '1']);
    await clock.advance(HEALTH_KEPT_MS);
    await look();
    expect(asked).toHaveLength(3);
  });

  it('is asked of a few at a time, however many look', async () => {
    const { asked, gates, state, look } = make(Array.from({ length: 10 }, (_, i) => record(String(i + 10))));
    state.gated = true;
    const looks = Promise.all([look(), look()]);
    await settle();
    expect(asked).toHaveLength(ASKED_AT_ONCE_MAX);
    while (asked.length < 10 || gates.length > 0) {
      gates.shift()?.();
      await settle();
    }
    expect((await looks).map((found) => found.length)).toEqual([10, 10]);
    expect(asked).toHaveLength(10);
  });
});
