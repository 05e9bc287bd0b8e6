import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openHarness, PROJECT } from './testing/harness.js';

const refusal = (code: string) => expect.objectContaining({ name: 'RapidaError', code });

describe('API keys', () => {
  it('are random, seen once, and stored as a hash', async () => {
    const { useCases, stores } = await openHarness();
    const { record, key } = await useCases.keys.create(PROJECT, 'dialplan', ['inbound']);
    expect(key).toMatch(/^rpd-[A-Za-z0-9_-]{43}$/);
    expect(record).toMatchObject({
      name: 'dialplan',
      scopes: ['inbound'],
      prefix: key.slice(0, 10),
      revokedAtMs: null,
    });
    expect(await stores.keys.findByHash(createHash('sha256').update(key).digest('hex'))).toEqual(record);
    expect(JSON.stringify(await useCases.keys.list(PROJECT))).not.toContain(key);
    expect((await useCases.keys.create(PROJECT, 'dialplan', ['inbound'])).key).not.toBe(key);
  });

  it('open what their scopes say, and admin opens everything', async () => {
    const { keys } = (await openHarness()).useCases;
    const inbound = await keys.create(PROJECT, 'a', ['inbound']);
    const admin = await keys.create(PROJECT, 'b', ['admin']);
    expect(await keys.authenticate(inbound.key, ['calls', 'inbound'])).toEqual(inbound.record);
    expect(await keys.authenticate(admin.key, ['calls'])).toEqual(admin.record);
    await expect(keys.authenticate(inbound.key, ['calls'])).rejects.toEqual(refusal('key_scope'));
    await expect(keys.authenticate(inbound.key, ['calls'])).rejects.toThrow(/calls/);
  });

  it('are refused when unknown, of another form, or revoked - at once', async () => {
    const { keys } = (await openHarness()).useCases;
    const { key, record } = await keys.create(PROJECT, 'a', ['admin']);
    for (const wrong of ['', 'rpd-', `${key}x`, ` ${key}`, `rpd-${'A'.repeat(43)}`]) {
      await expect(keys.authenticate(wrong, ['admin'])).rejects.toEqual(refusal('key_invalid'));
    }
    await keys.revoke(PROJECT, record.id);
    await expect(keys.authenticate(key, ['admin'])).rejects.toEqual(refusal('key_invalid'));
    await expect(keys.revoke(PROJECT, record.id)).rejects.toEqual(refusal('key_not_found'));
  });
});
