import { createHash, randomBytes } from 'node:crypto';
import { type ApiKeyStore, type Clock, type EntityId, RapidaError } from '@rapida/core';
import type { KeyUseCases } from './use-cases.js';

const KEY_PREFIX = 'rpd-';
const KEY_RANDOM_BYTES = 32;
/** Enough to tell keys apart in a list, and nothing to guess the rest by. */
const SHOWN_LENGTH = KEY_PREFIX.length + 6;
/** `rpd-` and 32 bytes in base64url. What has another form is refused before anything is spent on it. */
const KEY_FORM = /^rpd-[A-Za-z0-9_-]{43}$/;

export interface KeyDependencies {
  readonly keys: ApiKeyStore;
  readonly clock: Clock;
  readonly newId: () => EntityId;
}

/**
 * Keys are looked up by their hash, so the time an answer takes tells nothing about how much of a guessed key was right.
 * Nothing is cached: a revoked key is refused at once.
 */
export function createKeyUseCases({ keys, clock, newId }: KeyDependencies): KeyUseCases {
  return {
    async authenticate(key, scopes) {
      const record = KEY_FORM.test(key) ? await keys.findByHash(hashOf(key)) : undefined;
      if (record === undefined) throw new RapidaError('key_invalid');
      if (!record.scopes.includes('admin') && !scopes.some((scope) => record.scopes.includes(scope))) {
        throw new RapidaError('key_scope', `this key lacks the scope ${scopes.join(' or ')}`);
      }
      return record;
    },
    async create(projectId, name, scopes) {
      const key = KEY_PREFIX + randomBytes(KEY_RANDOM_BYTES).toString('base64url');
      const record = {
        id: newId(),
        projectId,
        name,
        scopes,
        prefix: key.slice(0, SHOWN_LENGTH),
        createdAtMs: clock.wallMs(),
        revokedAtMs: null,
      };
      await keys.create(record, hashOf(key));
      return { record, key };
    },
    list: (projectId) => keys.list(projectId),
    async revoke(projectId, id) {
      if (!(await keys.revoke(projectId, id, clock.wallMs()))) throw new RapidaError('key_not_found');
    },
  };
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
