import type { CredentialSummary, ProviderHealth } from '@rapida/calls';
import {
  CALLS_PER_SECOND_MAX,
  CREDENTIAL_PROVIDERS,
  CREDENTIAL_SCHEMAS,
  ERRORS,
  type ErrorCode,
  SECRET_FIELDS,
} from '@rapida/core';
import { z } from 'zod';
import { timeSchema, toTime, toTimeOrNull } from './fields.js';

const providerSchema = z.enum(CREDENTIAL_PROVIDERS);
const callsPerSecondSchema = z.int().min(1).max(CALLS_PER_SECOND_MAX);
/** Read by the use-case alone: what is wrong with it must be said without quoting it. */
const valueSchema = z.record(z.string(), z.unknown()).describe('By provider; it never comes back');

/** What the server adds when a credential is read: taken back and ignored, so that what was read can be changed and saved. */
const added = z.unknown().optional().describe('Ignored: what was read may be put back as it is');

/** An unknown field is refused, but not by its name: a secret may have slipped into that place too. */
export const newCredentialSchema = z.strictObject(
  {
    name: z.string().trim().min(1).max(100),
    provider: providerSchema,
    value: valueSchema,
    callsPerSecond: callsPerSecondSchema.optional().describe('Calls that are begun with it in a second'),
    ...{ id: added, fields: added, createdAt: added, updatedAt: added, lastUsedAt: added },
  },
  {
    error: ({ code }) =>
      code === 'unrecognized_keys'
        ? 'has a field that is not known; the known ones are name, provider, value and callsPerSecond'
        : undefined,
  },
);

export const savedCredentialSchema = newCredentialSchema.extend({
  value: valueSchema.optional().describe('Left out, the old one stays'),
});

export const credentialSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    provider: providerSchema,
    fields: z.array(z.string()).describe('Names of the fields of the value that are set'),
    callsPerSecond: callsPerSecondSchema,
    createdAt: timeSchema,
    updatedAt: timeSchema,
    lastUsedAt: timeSchema.nullable(),
  })
  .meta({ id: 'Credential' });

export const credentialCheckSchema = z
  .object({
    ok: z.boolean(),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]).nullable(),
    message: z.string().describe('For people: what answered, or what to change'),
  })
  .meta({ id: 'CredentialCheck' });

export const credentialKindsSchema = z
  .record(
    z.string(),
    z.object({
      schema: z.record(z.string(), z.unknown()).describe('Of `value`'),
      secret: z.string().describe('The field of it that nobody may see'),
    }),
  )
  .describe('By provider');

export function credentialKinds(): z.output<typeof credentialKindsSchema> {
  const kinds = CREDENTIAL_PROVIDERS.map((provider) => {
    const schema = z.toJSONSchema(CREDENTIAL_SCHEMAS[provider], { io: 'input' }) as Record<string, unknown>;
    return [provider, { schema, secret: SECRET_FIELDS[provider] }] as const;
  });
  return Object.fromEntries(kinds);
}

export const providerHealthSchema = credentialCheckSchema
  .extend({
    provider: providerSchema,
    credentialId: z.string().nullable().describe("null: the server's own key"),
    name: z.string().nullable(),
    checkedAt: timeSchema,
  })
  .meta({ id: 'ProviderHealth' });

export const reencryptionSchema = z
  .object({
    reencrypted: z.int().describe('Sealed with the first key just now'),
    current: z.int().describe('Were so already'),
    unreadable: z.int().describe('Sealed with a key that VAULT__KEY does not hold'),
  })
  .meta({ id: 'Reencryption' });

export function toProviderHealth({ checkedAtMs, ...health }: ProviderHealth): z.output<typeof providerHealthSchema> {
  return { ...health, checkedAt: toTime(checkedAtMs) };
}

export function toCredential(credential: CredentialSummary): z.output<typeof credentialSchema> {
  const { id, name, provider, fields, callsPerSecond, createdAtMs, updatedAtMs, lastUsedAtMs } = credential;
  return {
    ...{ id, name, provider, fields: [...fields], callsPerSecond },
    createdAt: toTime(createdAtMs),
    updatedAt: toTime(updatedAtMs),
    lastUsedAt: toTimeOrNull(lastUsedAtMs),
  };
}
