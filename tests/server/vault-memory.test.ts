import { createAriClient } from '@rapida/ari';
import { createFakeAri } from '@rapida/ari/testing';
import { createVault } from '@rapida/calls';
import { Secret, systemClock } from '@rapida/core';
import { afterAll, describe, expect, it } from 'vitest';
import { ARI_USER } from './support/outbound.js';

const PASSWORD = 'pass/of+the=pbx&0123456789abcdef';

/**
 * Node cuts small buffers out of a common piece of memory and never clears it. It lives as long as any buffer that was cut
 * out of it, and is in a dump of memory for as long.
 */
function freshPool(): Buffer {
  const old = Buffer.from('x').buffer;
  let pool = old;
  while (pool === old) pool = Buffer.from('x').buffer;
  return Buffer.from(pool);
}

/** What is cut out of it is seen: the pool is the one in use. */
function expectInUse(pool: Buffer): void {
  Buffer.from('seen in the pool');
  expect(pool.includes('seen in the pool')).toBe(true);
}

describe('the memory that small buffers share has no secret in it', () => {
  const pbx = createFakeAri({ clock: systemClock, user: ARI_USER, password: PASSWORD });
  afterAll(async () => (await pbx).close());

  it('once it was kept as a secret, and used', () => {
    const pool = freshPool();
    expect(new Secret(PASSWORD).reveal()).toBe(PASSWORD);
    expect(pool.includes(PASSWORD)).toBe(false);
    expectInUse(pool);
  });

  it('once the vault has sealed and opened it', () => {
    const vault = createVault([new Secret(Buffer.alloc(32, 7).toString('base64'))]);
    const whose = { projectId: '1', credentialId: '2' };
    const plain = JSON.stringify({ ari_password: PASSWORD });
    const pool = freshPool();
    expect(vault.open(vault.seal(plain, whose), whose)).toBe(plain);
    expect(pool.includes(PASSWORD)).toBe(false);
    expectInUse(pool);
  });

  it('once ARI was asked with it', async () => {
    const access = { url: (await pbx).url, user: ARI_USER, password: () => PASSWORD };
    const client = createAriClient({ access, clock: systemClock });
    const pool = freshPool();
    expect(await client.info()).toMatchObject({ ok: true });
    expect(pool.includes(PASSWORD)).toBe(false);
    expectInUse(pool);
  });
});
