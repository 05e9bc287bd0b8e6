import type { Session } from '@rapida/calls';
import { KEY_SCOPES } from '@rapida/core';
import { z } from 'zod';
import { timeSchema, toTime } from './fields.js';

/** Longer ones are refused before anything is spent on them; what fits as a password is another matter. */
const SECRET_CHARS_MAX = 1_000;
const secret = z.string().min(1).max(SECRET_CHARS_MAX);

export const sessionSchema = z
  .object({
    kind: z.enum(['key', 'password']).describe('What it was opened with'),
    name: z.string().describe("The key's name, or `admin`"),
    keyId: z.string().nullable().describe('null: opened with the password'),
    projectId: z.string(),
    scopes: z.array(z.enum(KEY_SCOPES)),
    createdAt: timeSchema,
    expiresAt: timeSchema.describe('It ends then at the latest; sooner where it is not used'),
  })
  .meta({ id: 'Session' });

export const signInSchema = z
  .union([z.strictObject({ apiKey: secret }), z.strictObject({ password: secret })])
  .meta({ id: 'SignIn' });

export const signInStateSchema = z
  .object({
    password: z.enum(['set', 'unset']),
    setup: z.enum(['open', 'closed']).describe('Whether a set-up link waits to be used'),
    session: sessionSchema.nullable().describe('Of the cookie; null: nobody is signed in'),
  })
  .meta({ id: 'SignInState' });

export const setUpSchema = z.object({ token: secret, password: secret }).meta({ id: 'SetUp' });

export const passwordChangeSchema = z
  .object({ password: secret, current: secret.optional().describe('Needed in a session of the password') })
  .meta({ id: 'PasswordChange' });

export const setUpTokenSchema = z.object({ token: z.string(), expiresAt: timeSchema }).meta({ id: 'SetUpToken' });

export function toSession({ createdAtMs, expiresAtMs, scopes, ...rest }: Session): z.output<typeof sessionSchema> {
  return { ...rest, scopes: [...scopes], createdAt: toTime(createdAtMs), expiresAt: toTime(expiresAtMs) };
}
