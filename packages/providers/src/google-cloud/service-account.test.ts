import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { RapidaError, Secret } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { RENEW_BEFORE_MS, ServiceAccount, TOKEN_MS } from './service-account.js';
import { ACCOUNT } from './testing/subject.js';

const SERVICE = 'speech.googleapis.com';

function accountOf(json: string) {
  const clock = new VirtualClock();
  return { clock, account: new ServiceAccount(new Secret(json), clock) };
}

describe('a token', () => {
  it('is signed by the account, for one service', () => {
    const { clock, account } = accountOf(ACCOUNT.json);
    const header = `Bearer ${account.token(SERVICE).reveal()}`;
    expect(ACCOUNT.refuse(header, SERVICE, clock.wallMs())).toBeUndefined();
    expect(ACCOUNT.refuse(header, 'texttospeech.googleapis.com', clock.wallMs())).toMatch(/audience/);
    expect(account.projectId()).toBe(ACCOUNT.projectId);
  });

  it('is used again until five minutes before its end, then made anew', async () => {
    const { clock, account } = accountOf(ACCOUNT.json);
    const first = account.token(SERVICE);
    await clock.advance(TOKEN_MS - RENEW_BEFORE_MS - 1);
    expect(account.token(SERVICE)).toBe(first);
    await clock.advance(1);
    const second = account.token(SERVICE);
    expect(second.reveal()).not.toBe(first.reveal());
    expect(ACCOUNT.refuse(`Bearer ${second.reveal()}`, SERVICE, clock.wallMs())).toBeUndefined();
  });

  it('does not show itself', () => {
    const { account } = accountOf(ACCOUNT.json);
    account.token(SERVICE);
    expect(inspect(account, { depth: 9, showHidden: true })).not.toMatch(/eyJ|PRIVATE/);
  });
});

describe('a service account that is none', () => {
  const good = JSON.parse(ACCOUNT.json) as Record<string, unknown>;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });

  it.each([
    ['text', 'hunter2', 'is not JSON'],
    ['another JSON', '["hunter2"]', 'has no usable fields'],
    ['one without a key', JSON.stringify({ ...good, private_key: undefined }), 'has no usable private_key'],
    ['one without an address', JSON.stringify({ ...good, client_email: 7 }), 'has no usable client_email'],
    ['one with half a key', JSON.stringify({ ...good, private_key: 'hunter2' }), 'has no usable private_key'],
    [
      'one with a key of another kind',
      JSON.stringify({ ...good, private_key: ec }),
      'has a private_key that is not RSA',
    ],
    [
      'one whose project leads elsewhere',
      JSON.stringify({ ...good, project_id: '../hunter2' }),
      'has no usable project_id',
    ],
  ])('%s is told without a word of it', (_, json, how) => {
    const { account } = accountOf(json);
    const thrown = (() => {
      try {
        return account.token(SERVICE);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(RapidaError);
    expect(thrown).toMatchObject({ code: 'provider_unconfigured' });
    expect((thrown as RapidaError).message).toBe(`The service account of the credential ${how}`);
    expect(inspect(thrown, { depth: 9 })).not.toContain('hunter2');
  });
});
