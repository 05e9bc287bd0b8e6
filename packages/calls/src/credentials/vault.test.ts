import { createCipheriv, createHash } from 'node:crypto';
import { RapidaError, Secret } from '@rapida/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVault } from './vault.js';

const keyOf = (byte: number) => Buffer.alloc(32, byte);
const secretOf = (byte: number) => new Secret(keyOf(byte).toString('base64'));
const A = { projectId: '1', credentialId: '2' };
const PLAIN = '{"ari_password":"correct horse"}';
const unreadable = expect.objectContaining({ name: 'RapidaError', code: 'credential_unreadable' });

function failure(work: () => unknown): RapidaError {
  try {
    work();
  } catch (error) {
    if (error instanceof RapidaError) return error;
    throw error;
  }
  throw new Error('did not fail');
}

describe('a vault', () => {
  const vault = createVault([secretOf(1)]);

  it('opens what it sealed, whatever it is, for the same owner', () => {
    const id = fc.bigInt(0n, 2n ** 64n - 1n).map(String);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), id, id, (plain, projectId, credentialId) => {
        const whose = { projectId, credentialId };
        expect(vault.open(vault.seal(plain, whose), whose)).toBe(plain);
      }),
    );
  });

  it('opens a text that was made by the description of its form alone', () => {
    const keyId = createHash('sha256').update('rapida vault key id\0').update(keyOf(1)).digest('hex').slice(0, 8);
    const nonce = Buffer.alloc(12, 7);
    const cipher = createCipheriv('aes-256-gcm', keyOf(1), nonce);
    cipher.setAAD(Buffer.from('["rapida credential v1","1","2"]'));
    const ciphertext = Buffer.concat([cipher.update(PLAIN), cipher.final()]);
    const text = Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString('base64url');
    expect(vault.open(`v1.${keyId}.${text}`, A)).toBe(PLAIN);
  });

  it('never seals the same twice alike, and shows nothing of the plaintext or the key', () => {
    const [one, two] = [vault.seal(PLAIN, A), vault.seal(PLAIN, A)];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^v1\.[0-9a-f]{8}\.[A-Za-z0-9_-]+$/);
    const bytes = Buffer.from(one.split('.')[2]!, 'base64url');
    expect(bytes).toHaveLength(12 + 16 + PLAIN.length);
    expect(bytes.includes('horse')).toBe(false);
    expect(one).not.toContain(keyOf(1).toString('hex').slice(0, 8));
  });

  it('refuses a text of which any bit was changed', () => {
    const [version, keyId, text] = vault.seal(PLAIN, A).split('.');
    const sealed = Buffer.from(text!, 'base64url');
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (index, mask) => {
        const changed = Buffer.from(sealed);
        changed[index] = changed[index]! ^ mask;
        const moved = `${version}.${keyId}.${changed.toString('base64url')}`;
        expect(() => vault.open(moved, A)).toThrow(unreadable);
      }),
    );
  });

  it('refuses a text of which any letter was changed, and any part of one', () => {
    const sealed = vault.seal(PLAIN, A);
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.string({ unit: 'binary-ascii', maxLength: 2 }), (index, letters) => {
        const changed = sealed.slice(0, index) + letters + sealed.slice(index + 1);
        fc.pre(changed !== sealed);
        expect(() => vault.open(changed, A)).toThrow(unreadable);
      }),
      { numRuns: 500 },
    );
    for (let length = 0; length < sealed.length; length++) {
      expect(() => vault.open(sealed.slice(0, length), A)).toThrow(unreadable);
    }
  });

  it.each(['', 'x', 'xy'])('refuses every other last letter, also one that only changes spare bits: %j', (plain) => {
    const sealed = vault.seal(plain, A);
    for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
      if (sealed.endsWith(letter)) continue;
      expect(() => vault.open(sealed.slice(0, -1) + letter, A)).toThrow(unreadable);
    }
  });

  it('refuses a text that was moved to another credential or project', () => {
    const id = fc.stringMatching(/^[0-9",[\]\\]{0,8}$/);
    const sealed = vault.seal(PLAIN, { projectId: '12', credentialId: '3' });
    fc.assert(
      fc.property(id, id, (projectId, credentialId) => {
        fc.pre(projectId !== '12' || credentialId !== '3');
        expect(() => vault.open(sealed, { projectId, credentialId })).toThrow(unreadable);
      }),
    );
    for (const [projectId = '', credentialId = ''] of [
      ['13', '3'],
      ['12', '4'],
      ['1', '23'],
      ['3', '12'],
    ]) {
      expect(() => vault.open(sealed, { projectId, credentialId })).toThrow(unreadable);
    }
  });

  it('names neither the plaintext nor the key in a failure', () => {
    const sealed = vault.seal(PLAIN, A);
    const errors = [
      failure(() => vault.open(sealed, { ...A, credentialId: '3' })),
      failure(() => createVault([secretOf(9)]).open(sealed, A)),
      failure(() => vault.open(PLAIN, A)),
    ];
    for (const error of errors) {
      const told = `${error.message} ${error.stack} ${String(error.cause)}`;
      expect(told).not.toContain('horse');
      expect(told).not.toContain(keyOf(1).toString('base64'));
    }
    expect(errors[1]?.message).toContain('VAULT__KEY');
  });
});

describe('the keys of a vault', () => {
  it('rotate: all open, the first seals, and only what it sealed is current', () => {
    const old = createVault([secretOf(1)]);
    const both = createVault([secretOf(2), secretOf(1)]);
    const fresh = createVault([secretOf(2)]);
    const sealedByOld = old.seal(PLAIN, A);
    expect(both.open(sealedByOld, A)).toBe(PLAIN);
    expect([old.isCurrent(sealedByOld), both.isCurrent(sealedByOld)]).toEqual([true, false]);
    const sealedAnew = both.seal(both.open(sealedByOld, A), A);
    expect(both.isCurrent(sealedAnew)).toBe(true);
    expect(fresh.open(sealedAnew, A)).toBe(PLAIN);
    expect(() => fresh.open(sealedByOld, A)).toThrow(unreadable);
    expect(fresh.isCurrent('v1.')).toBe(false);
  });

  it.each([
    ['none', []],
    ['one of 31 bytes', [Buffer.alloc(31).toString('base64')]],
    ['one of 33 bytes behind a good one', [keyOf(1).toString('base64'), Buffer.alloc(33).toString('base64')]],
  ])('stop the start where there is %s, without being shown', (_, keys) => {
    const error = failure(() => createVault(keys.map((key) => new Secret(key))));
    expect(error.code).toBe('setting_invalid');
    expect(error.message).toMatch(/^VAULT__KEY holds/);
    expect(error.message).not.toContain('AAAA');
  });
});
