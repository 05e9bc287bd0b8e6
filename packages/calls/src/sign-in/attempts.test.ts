import { RapidaError } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { ADDRESSES_MAX, Attempts, FAILURES_MAX, FAILURES_PER_ADDRESS_MAX, type Tried, WINDOW_MS } from './attempts.js';

let clock: VirtualClock;
let attempts: Attempts;
beforeEach(() => {
  clock = new VirtualClock();
  attempts = new Attempts(clock);
});

/** What became of an attempt that would fail with `code`, or succeed. */
async function tried(address: string, code: 'password_wrong' | 'store_failed' | 'ok', how: Tried = 'password') {
  try {
    return await attempts.of(address, how, async () => {
      if (code === 'ok') return 'ok';
      throw new RapidaError(code);
    });
  } catch (error) {
    return RapidaError.from(error).code;
  }
}

async function fail(address: string, times: number, how: Tried = 'password'): Promise<void> {
  for (let n = 0; n < times; n++) expect(await tried(address, 'password_wrong', how)).toBe('password_wrong');
}

describe('failed attempts to sign in', () => {
  it('make their address wait until the window of the first one is over', async () => {
    await fail('192.0.2.1', 1);
    await clock.advance(WINDOW_MS - 1);
    await fail('192.0.2.1', FAILURES_PER_ADDRESS_MAX - 1);
    expect(await tried('192.0.2.1', 'ok')).toBe('too_many_sign_ins');
    expect(await tried('192.0.2.2', 'ok')).toBe('ok');
    await clock.advance(1);
    expect(await tried('192.0.2.1', 'ok')).toBe('ok');
  });

  it('are forgiven to nobody by a success of the same address, and a success itself costs nothing', async () => {
    await fail('192.0.2.1', FAILURES_PER_ADDRESS_MAX - 1);
    for (let n = 0; n < 50; n++) expect(await tried('192.0.2.1', 'ok')).toBe('ok');
    await fail('192.0.2.1', 1);
    expect(await tried('192.0.2.1', 'ok')).toBe('too_many_sign_ins');
  });

  it('are not those of our own', async () => {
    for (let n = 0; n < 50; n++) expect(await tried('192.0.2.1', 'store_failed')).toBe('store_failed');
    expect(await tried('192.0.2.1', 'ok')).toBe('ok');
  });

  it('count while they are under way: many at once are no way around', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => tried('192.0.2.1', 'password_wrong')));
    expect(all.filter((code) => code === 'password_wrong')).toHaveLength(FAILURES_PER_ADDRESS_MAX);
  });

  it('are counted for a whole network of IPv6, and for an IPv4 address however it is written', async () => {
    await fail('2001:db8:0:1::1', FAILURES_PER_ADDRESS_MAX / 2);
    await fail('2001:db8::1:a:b:c:d', FAILURES_PER_ADDRESS_MAX / 2);
    expect(await tried('2001:db8:0:1:ffff::', 'ok')).toBe('too_many_sign_ins');
    expect(await tried('2001:db8:0:2::1', 'ok')).toBe('ok');
    await fail('::ffff:192.0.2.1', FAILURES_PER_ADDRESS_MAX);
    expect(await tried('192.0.2.1', 'ok')).toBe('too_many_sign_ins');
  });

  it('of many addresses together stop guesses at the password, and nothing else', async () => {
    for (let n = 0; n < FAILURES_MAX; n++) await fail(`198.51.100.${n}`, 1);
    expect(await tried('192.0.2.1', 'ok')).toBe('too_many_sign_ins');
    expect(await tried('192.0.2.1', 'ok', 'random')).toBe('ok');
    await clock.advance(WINDOW_MS);
    expect(await tried('192.0.2.1', 'ok')).toBe('ok');
  });

  it('are remembered for so many addresses: the one that failed first is forgotten', async () => {
    await fail('192.0.2.1', FAILURES_PER_ADDRESS_MAX, 'random');
    for (let n = 0; n < ADDRESSES_MAX; n++) await fail(`a${n}`, 1, 'random');
    expect(await tried('192.0.2.1', 'ok', 'random')).toBe('ok');
  });
});
