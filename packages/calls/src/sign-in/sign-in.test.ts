import { createIdSource, RapidaError, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { createSqlStores, openEmbedded, type SqlStores } from '@rapida/stores';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyUseCases } from '../api-keys.js';
import type { KeyUseCases, SignInUseCases } from '../use-cases.js';
import { FAILURES_PER_ADDRESS_MAX } from './attempts.js';
import { SESSION_IDLE_MS_MAX, SESSION_MS_MAX, SESSIONS_PER_KEY_MAX } from './sessions.js';
import { ASKED_TOKEN_MS, createSignIn, OFFERED_TOKEN_MS } from './sign-in.js';

const PASSWORD = 'correct horse battery';
const ADDRESS = '192.0.2.1';
const PROJECT = '7';

let clock: VirtualClock;
let stores: SqlStores;
let keys: KeyUseCases;
let signIn: SignInUseCases;
let close: () => Promise<void>;
beforeEach(async () => {
  clock = new VirtualClock();
  const database = await openEmbedded({ file: ':memory:', clock });
  close = () => database.close();
  stores = createSqlStores(database, createIdSource(clock));
  await stores.projects.ensureDefault({ id: PROJECT, name: 'default', createdAtMs: 1 });
  keys = createKeyUseCases({ keys: stores.keys, clock, newId: createIdSource(clock) });
  signIn = createSignIn({ ...stores, keys, clock, logger: silentLogger });
});
afterEach(() => close());

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error) => RapidaError.from(error).code,
  );

async function withPassword(): Promise<string> {
  const { token } = (await signIn.offerSetUp()) ?? { token: '' };
  return (await signIn.setUp(token, PASSWORD, ADDRESS)).id;
}

const change = (password: string, rest: Partial<Parameters<SignInUseCases['changePassword']>[0]> = {}) =>
  signIn.changePassword({
    ...{ projectId: PROJECT, keyId: null, password, current: PASSWORD, sessionId: undefined, address: ADDRESS },
    ...rest,
  });

describe('the first password', () => {
  it('is set with the token that the first start has made, once, and signs in', async () => {
    expect(await signIn.state()).toEqual({ password: 'unset', setup: 'closed' });
    const { token } = (await signIn.offerSetUp()) ?? { token: '' };
    expect(await signIn.state()).toEqual({ password: 'unset', setup: 'open' });
    const { id, session } = await signIn.setUp(token, PASSWORD, ADDRESS);
    expect(session).toMatchObject({
      kind: 'password',
      name: 'admin',
      keyId: null,
      projectId: PROJECT,
      scopes: ['admin'],
    });
    expect(await signIn.authenticate(id, ['calls'])).toEqual(session);
    expect(await codeOf(signIn.setUp(token, PASSWORD, ADDRESS))).toBe('setup_token_invalid');
    expect(await signIn.state()).toEqual({ password: 'set', setup: 'closed' });
  });

  it('is not set with a token that is wrong, replaced or too old', async () => {
    const first = await signIn.offerSetUp();
    const second = await signIn.newSetUp(PROJECT);
    for (const token of ['', 'x'.repeat(43), first?.token ?? '']) {
      expect(await codeOf(signIn.setUp(token, PASSWORD, ADDRESS))).toBe('setup_token_invalid');
    }
    await clock.advance(ASKED_TOKEN_MS);
    expect(await codeOf(signIn.setUp(second.token, PASSWORD, ADDRESS))).toBe('setup_token_invalid');
  });

  it('is offered to be set by one start only, and anew when the offer has run out', async () => {
    expect(await signIn.offerSetUp()).toBeDefined();
    expect(await signIn.offerSetUp()).toBeUndefined();
    await clock.advance(OFFERED_TOKEN_MS);
    expect(await signIn.offerSetUp()).toBeDefined();
  });

  it('is never offered to be set again where there is one', async () => {
    await withPassword();
    await clock.advance(OFFERED_TOKEN_MS);
    expect(await signIn.offerSetUp()).toBeUndefined();
  });

  it('must be long enough to be one, and no book; the token is not used up by trying', async () => {
    const { token } = (await signIn.offerSetUp()) ?? { token: '' };
    for (const unfit of ['', '123456789', 'x'.repeat(201)]) {
      expect(await codeOf(signIn.setUp(token, unfit, ADDRESS))).toBe('password_unfit');
    }
    expect(await codeOf(signIn.setUp(token, PASSWORD, ADDRESS))).toBe('ok');
  });
});

describe('signing in', () => {
  it('with the password opens a session, with another nothing, and without one it says so', async () => {
    expect(await codeOf(signIn.withPassword(PASSWORD, ADDRESS))).toBe('password_unset');
    await withPassword();
    const { id } = await signIn.withPassword(PASSWORD, ADDRESS);
    expect(await codeOf(signIn.get(id))).toBe('ok');
    expect(await codeOf(signIn.withPassword(`${PASSWORD} `, ADDRESS))).toBe('password_wrong');
    expect(await codeOf(signIn.withPassword('x'.repeat(100_000), ADDRESS))).toBe('password_wrong');
  });

  it('with a key opens a session that may do what the key may, as the key', async () => {
    const { record, key } = await keys.create('9', 'crm', ['calls']);
    const { id, session } = await signIn.withKey(key, ADDRESS);
    expect(session).toMatchObject({ kind: 'key', name: 'crm', keyId: record.id, projectId: '9', scopes: ['calls'] });
    expect(await codeOf(signIn.authenticate(id, ['calls']))).toBe('ok');
    expect(await codeOf(signIn.authenticate(id, ['admin']))).toBe('key_scope');
    expect(await codeOf(signIn.withKey(`rpd-${'x'.repeat(43)}`, ADDRESS))).toBe('key_invalid');
  });

  it('is refused to an address that failed too often, with the right password too', async () => {
    await withPassword();
    for (let n = 0; n < FAILURES_PER_ADDRESS_MAX; n++) await codeOf(signIn.withPassword('wrong', ADDRESS));
    expect(await codeOf(signIn.withPassword(PASSWORD, ADDRESS))).toBe('too_many_sign_ins');
    expect(await codeOf(signIn.withPassword(PASSWORD, '192.0.2.2'))).toBe('ok');
  });
});

describe('a session', () => {
  it('ends when its key is revoked', async () => {
    const { record, key } = await keys.create(PROJECT, 'crm', ['calls']);
    const { id } = await signIn.withKey(key, ADDRESS);
    await keys.revoke(PROJECT, record.id);
    expect(await codeOf(signIn.authenticate(id, ['calls']))).toBe('session_over');
  });

  it('ends when it is signed out of, and an id that is none never was one', async () => {
    const id = await withPassword();
    await signIn.end(id);
    await signIn.end(id);
    for (const none of [id, '', 'x'.repeat(43)]) expect(await codeOf(signIn.get(none))).toBe('session_over');
  });

  it('ends when it was not used for long', async () => {
    const id = await withPassword();
    await clock.advance(SESSION_IDLE_MS_MAX - 1);
    expect(await codeOf(signIn.get(id))).toBe('ok');
    await clock.advance(SESSION_IDLE_MS_MAX - 1);
    expect(await codeOf(signIn.get(id))).toBe('ok');
    await clock.advance(SESSION_IDLE_MS_MAX);
    expect(await codeOf(signIn.get(id))).toBe('session_over');
  });

  it('ends at its end however much it is used', async () => {
    const id = await withPassword();
    for (let ms = 0; ms < SESSION_MS_MAX; ms += SESSION_IDLE_MS_MAX / 2) {
      expect(await codeOf(signIn.get(id))).toBe('ok');
      await clock.advance(SESSION_IDLE_MS_MAX / 2);
    }
    expect(await codeOf(signIn.get(id))).toBe('session_over');
  });

  it('is one of a hundred at most: one more of the same key ends the oldest', async () => {
    const { key } = await keys.create(PROJECT, 'crm', ['calls']);
    const opened: string[] = [];
    for (let n = 0; n <= SESSIONS_PER_KEY_MAX; n++) {
      opened.push((await signIn.withKey(key, ADDRESS)).id);
      await clock.advance(1);
    }
    expect(await codeOf(signIn.get(opened[0] ?? ''))).toBe('session_over');
    expect(await codeOf(signIn.get(opened[1] ?? ''))).toBe('ok');
  });
});

describe('another password', () => {
  it('is set by whoever knows the one there is; the other sessions of it end, this one goes on', async () => {
    const [id, other] = [await withPassword(), (await signIn.withPassword(PASSWORD, ADDRESS)).id];
    expect(await codeOf(change('a new password', { current: 'wrong', sessionId: id }))).toBe('password_wrong');
    expect(await codeOf(change('short', { sessionId: id }))).toBe('password_unfit');
    await change('a new password', { sessionId: id });
    expect([await codeOf(signIn.get(id)), await codeOf(signIn.get(other))]).toEqual(['ok', 'session_over']);
    expect(await codeOf(signIn.withPassword(PASSWORD, ADDRESS))).toBe('password_wrong');
    expect(await codeOf(signIn.withPassword('a new password', ADDRESS))).toBe('ok');
  });

  it('is set with an admin key without the one there is, and ends all its sessions but none of a key', async () => {
    const id = await withPassword();
    const { record, key } = await keys.create(PROJECT, 'admin', ['admin']);
    const ofKey = (await signIn.withKey(key, ADDRESS)).id;
    await change('a new password', { keyId: record.id, current: undefined });
    expect([await codeOf(signIn.get(id)), await codeOf(signIn.get(ofKey))]).toEqual(['session_over', 'ok']);
  });

  it('is set with a link that an admin asks for, which ends every session of the one before', async () => {
    const id = await withPassword();
    const { token } = await signIn.newSetUp(PROJECT);
    expect(await codeOf(signIn.get(id))).toBe('ok');
    await signIn.setUp(token, 'a new password', ADDRESS);
    expect(await codeOf(signIn.get(id))).toBe('session_over');
  });

  it('is none of a key of another project', async () => {
    await withPassword();
    expect(await codeOf(change('a new password', { projectId: '9', keyId: '1' }))).toBe('key_scope');
    expect(await codeOf(signIn.newSetUp('9'))).toBe('key_scope');
  });
});
