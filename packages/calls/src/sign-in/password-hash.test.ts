import { describe, expect, it } from 'vitest';
import { PasswordHashes, WAITING_MAX } from './password-hash.js';

const hashes = new PasswordHashes();

describe('the hash of a password', () => {
  it('matches that password and no other, also when it is typed in another way', async () => {
    const hash = await hashes.make('correct hors\u00e9');
    expect(await hashes.matches('correct hors\u00e9', hash)).toBe(true);
    expect(await hashes.matches('correct horse\u0301', hash)).toBe(true);
    expect(await hashes.matches('correct horse', hash)).toBe(false);
  });

  it('says what it was made with, has a salt of its own, and nothing of the password', async () => {
    const [one, other] = [await hashes.make('correct horse'), await hashes.make('correct horse')];
    expect(one).toMatch(/^scrypt\$32768\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(one).not.toBe(other);
  });

  it('is made with the cost that it says, so that another cost can be chosen later', async () => {
    // RFC 7914, the second vector, whose first 32 bytes are taken.
    const hash = 'scrypt$1024$8$16$TmFDbA$_bq-HJ00cgB4VucZDQHp_nxq18vII3gw53N2Y0s3MWI';
    expect(await hashes.matches('password', hash)).toBe(true);
  });

  it('fails as a store does where what is stored is none', async () => {
    await expect(hashes.matches('password', 'md5$1$2')).rejects.toMatchObject({ code: 'store_failed' });
  });

  it('is made one after the other, and not for more than can wait', async () => {
    const busy = new PasswordHashes();
    const all = await Promise.allSettled(Array.from({ length: WAITING_MAX + 3 }, () => busy.make('correct horse')));
    const refused = all.filter((one) => one.status === 'rejected');
    expect(refused.map(({ reason }) => reason.code)).toEqual(['too_many_sign_ins', 'too_many_sign_ins']);
    expect(await busy.make('correct horse')).toMatch(/^scrypt/);
  });
});
