import { type ApiKeyRecord, KEY_SCOPES } from '@rapida/core';
import { z } from 'zod';
import { timeSchema, toTime, toTimeOrNull } from './fields.js';

const scopesSchema = z.array(z.enum(KEY_SCOPES)).min(1).max(KEY_SCOPES.length);

export const newApiKeySchema = z.object({ name: z.string().trim().min(1).max(100), scopes: scopesSchema });

export const apiKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: scopesSchema,
    prefix: z.string().describe('The first characters, to tell keys apart'),
    createdAt: timeSchema,
    revokedAt: timeSchema.nullable(),
  })
  .meta({ id: 'ApiKey' });

export const createdApiKeySchema = apiKeySchema
  .extend({ key: z.string().describe('Shown this one time only') })
  .meta({ id: 'CreatedApiKey' });

export function toApiKey({
  id,
  name,
  scopes,
  prefix,
  createdAtMs,
  revokedAtMs,
}: ApiKeyRecord): z.output<typeof apiKeySchema> {
  return {
    id,
    name,
    scopes: [...scopes],
    prefix,
    createdAt: toTime(createdAtMs),
    revokedAt: toTimeOrNull(revokedAtMs),
  };
}
