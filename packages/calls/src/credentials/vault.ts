import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { RapidaError, type SealedFor, type Secret, type Vault } from '@rapida/core';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** Drawn anew for each value: 2^32 values under one key keep the odds of a repeat below 2^-32 (NIST SP 800-38D, 8.3). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_DOMAIN = 'rapida vault key id\0';
const SEALED = /^v1\.([0-9a-f]{8})\.([A-Za-z0-9_-]+)$/;
const CHANGED =
  'The sealed value was changed, or belongs to another credential: save the credential anew, or restore it from a backup.';

interface Key {
  /** Says which key sealed a value without saying anything about the key. */
  readonly id: string;
  readonly secret: Secret;
}

/**
 * AES-256-GCM over texts of the form `v1.<key id>.<base64url of nonce, tag and ciphertext>`. Keys are 32 bytes in base64:
 * the first seals, all open. Project and credential are authenticated with the value, so a text that is copied to another
 * row does not open. Fails with `setting_invalid` where there is no key, or one has another length.
 */
export function createVault(keys: readonly Secret[]): Vault {
  const ring = keys.map((secret) => ({ id: withKey(secret, idOf), secret }));
  const [first] = ring;
  if (first === undefined) throw new RapidaError('setting_invalid', 'VAULT__KEY holds no key');
  return {
    seal: (plain, whose) => `v1.${first.id}.${withKey(first.secret, (key) => encrypt(key, plain, whose))}`,
    open(sealed, whose) {
      const [, keyId, text] = SEALED.exec(sealed) ?? [];
      if (text === undefined) throw new RapidaError('credential_unreadable', CHANGED);
      const key = ring.find(({ id }) => id === keyId);
      if (key === undefined) throw new RapidaError('credential_unreadable');
      return withKey(key.secret, (bytes) => decrypt(bytes, text, whose));
    },
    isCurrent: (sealed) => SEALED.exec(sealed)?.[1] === first.id,
  } satisfies Vault;
}

/** The bytes of a key are in memory only for as long as `use` runs. */
function withKey<T>(secret: Key['secret'], use: (key: Buffer) => T): T {
  const key = Buffer.from(secret.reveal(), 'base64');
  try {
    if (key.length !== KEY_BYTES) {
      throw new RapidaError('setting_invalid', `VAULT__KEY holds a key that is not ${KEY_BYTES} bytes in base64`);
    }
    return use(key);
  } finally {
    key.fill(0);
  }
}

function idOf(key: Buffer): string {
  return createHash('sha256').update(KEY_ID_DOMAIN).update(key).digest('hex').slice(0, 8);
}

function encrypt(key: Buffer, plain: string, whose: SealedFor): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(ownerBytes(whose));
  const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString('base64url');
}

function decrypt(key: Buffer, text: string, whose: SealedFor): string {
  const bytes = Buffer.from(text, 'base64url');
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  // Base64 has spare bits at its end: one value has one text, and no other opens.
  if (tag.length !== TAG_BYTES || bytes.toString('base64url') !== text) {
    throw new RapidaError('credential_unreadable', CHANGED);
  }
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(ownerBytes(whose)).setAuthTag(tag);
  try {
    const plain = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
    try {
      // Throws where the tag does not fit: nothing of the plaintext is used before. In GCM it has no bytes of its own.
      decipher.final();
      return plain.toString('utf8');
    } finally {
      plain.fill(0);
    }
  } catch (cause) {
    throw new RapidaError('credential_unreadable', CHANGED, { cause });
  }
}

/** As JSON, so that no two owners have the same bytes. */
function ownerBytes({ projectId, credentialId }: SealedFor): Buffer {
  return Buffer.from(JSON.stringify(['rapida credential v1', projectId, credentialId]), 'utf8');
}
