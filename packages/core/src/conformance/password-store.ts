import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PasswordStore } from '../password-store.js';

export interface PasswordStoreUnderTest {
  readonly store: PasswordStore;
  close(): Promise<void>;
}

const PROJECT = '18446744073709551615';
const OTHER_PROJECT = '7';
const NOW_MS = 1_790_000_000_000;
const tokenOf = (hash: string, expiresAtMs = NOW_MS + 1_000) => ({ hash, expiresAtMs });

/** The promises of {@link PasswordStore}. `make` gives an empty one. */
export function passwordStoreConformance(name: string, make: () => Promise<PasswordStoreUnderTest>): void {
  describe(`${name} as a PasswordStore`, () => {
    let store: PasswordStore;
    let close: () => Promise<void>;
    beforeEach(async () => {
      const underTest = await make();
      store = underTest.store;
      close = () => underTest.close();
    });
    afterEach(() => close());

    it('has nothing before something was set', async () => {
      expect(await store.get(PROJECT)).toEqual({ hash: null, setUp: null });
      expect(await store.redeem(PROJECT, '', NOW_MS, 'h')).toBe(false);
    });

    it('keeps the last password that was set, of each project its own', async () => {
      await store.set(PROJECT, 'first');
      await store.set(PROJECT, 'second');
      expect(await store.get(PROJECT)).toEqual({ hash: 'second', setUp: null });
      expect(await store.get(OTHER_PROJECT)).toEqual({ hash: null, setUp: null });
    });

    it('offers a token only where there is neither a password nor a token that is still valid', async () => {
      expect(await store.offerToken(PROJECT, tokenOf('a'), NOW_MS)).toBe(true);
      expect(await store.offerToken(PROJECT, tokenOf('b'), NOW_MS + 999)).toBe(false);
      expect(await store.get(PROJECT)).toEqual({ hash: null, setUp: tokenOf('a') });
      expect(await store.offerToken(PROJECT, tokenOf('b', NOW_MS + 5_000), NOW_MS + 1_000)).toBe(true);
      await store.set(PROJECT, 'h');
      expect(await store.offerToken(PROJECT, tokenOf('c'), NOW_MS + 9_000)).toBe(false);
      expect(await store.get(PROJECT)).toEqual({ hash: 'h', setUp: null });
    });

    it('offers one token however many nodes start at once', async () => {
      const offers = Array.from({ length: 20 }, (_, n) => store.offerToken(PROJECT, tokenOf(`t${n}`), NOW_MS));
      const taken = await Promise.all(offers);
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect((await store.get(PROJECT)).setUp?.hash).toBe(`t${taken.indexOf(true)}`);
    });

    it('replaces a token whatever there is, and leaves the password until it is redeemed', async () => {
      await store.set(PROJECT, 'h');
      await store.replaceToken(PROJECT, tokenOf('a'));
      await store.replaceToken(PROJECT, tokenOf('b'));
      expect(await store.get(PROJECT)).toEqual({ hash: 'h', setUp: tokenOf('b') });
      expect(await store.redeem(PROJECT, 'a', NOW_MS, 'new')).toBe(false);
      expect(await store.redeem(PROJECT, 'b', NOW_MS, 'new')).toBe(true);
      expect(await store.get(PROJECT)).toEqual({ hash: 'new', setUp: null });
    });

    it('redeems a token once, in time, and for its own project', async () => {
      await store.replaceToken(PROJECT, tokenOf('a'));
      expect(await store.redeem(OTHER_PROJECT, 'a', NOW_MS, 'x')).toBe(false);
      expect(await store.redeem(PROJECT, 'a', NOW_MS + 1_000, 'x')).toBe(false);
      const tries = await Promise.all(['p', 'q', 'r'].map((hash) => store.redeem(PROJECT, 'a', NOW_MS + 999, hash)));
      expect(tries.filter(Boolean)).toHaveLength(1);
      expect(await store.get(PROJECT)).toEqual({ hash: ['p', 'q', 'r'][tries.indexOf(true)], setUp: null });
    });
  });
}
