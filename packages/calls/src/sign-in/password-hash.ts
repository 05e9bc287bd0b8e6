import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { RapidaError } from '@rapida/core';

/** 32 MB and about 0.1 s: what one guess costs whoever has stolen the database, on each of his cores. */
const COST = { N: 2 ** 15, r: 8, p: 1 } as const;
const MEMORY_BYTES_MAX = 64 * 1024 * 1024;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const FORM = /^scrypt\$([0-9]{1,7})\$([0-9]{1,2})\$([0-9]{1,2})\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/;
/** Waiting for the one that is made; more are refused. */
export const WAITING_MAX = 8;

/**
 * Makes and compares hashes of passwords, one at a time: the threads that do it also write recordings, and memory is bounded
 * by what one takes. Fails with too_many_sign_ins where too many wait.
 */
export class PasswordHashes {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  async make(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await this.#inTurn(() => derive(password, salt, COST));
    return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
  }

  /** Fails with store_failed where the stored hash is none. */
  async matches(password: string, stored: string): Promise<boolean> {
    const [, n, r, p, salt = '', hash = ''] = FORM.exec(stored) ?? [];
    if (n === undefined) throw new RapidaError('store_failed', 'The stored password cannot be read.');
    const cost = { N: Number(n), r: Number(r), p: Number(p) };
    const given = await this.#inTurn(() => derive(password, Buffer.from(salt, 'base64url'), cost));
    const expected = Buffer.from(hash, 'base64url');
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting > WAITING_MAX) throw new RapidaError('too_many_sign_ins', 'Too many sign in at once: try again.');
    this.#waiting++;
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => {});
    try {
      return await mine;
    } finally {
      this.#waiting--;
    }
  }
}

/** The same letters may be typed in several ways: é is one character or two. */
function derive(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  const options = { ...cost, maxmem: MEMORY_BYTES_MAX };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
