import { z } from 'zod';
import { ENDPOINT_TECHNOLOGIES } from './phone-deployment.js';

/**
 * What the vault keeps, by provider. The fields of `asterisk` have the names of Asterisk's world. Only names of fields
 * ever leave the server, never a value.
 */
const text = z.string().min(1).max(2_000);
const asteriskName = z.string().regex(/^[A-Za-z0-9_.-]{1,80}$/, 'letters, digits, _ . and - only');

/** `ari_*` are needed to place calls and for Stasis; all three or none. */
export const asteriskCredentialSchema = z
  .strictObject({
    ari_url: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .regex(/^[^@?#]+$/, 'no user, password, query or fragment')
      .optional()
      .describe('e.g. http://127.0.0.1:8088'),
    ari_user: text
      .regex(/^[^:\s]+$/, 'no colon and no space')
      .optional()
      .describe('Section of ari.conf'),
    ari_password: text.optional(),
    endpoint_technology: z.enum(ENDPOINT_TECHNOLOGIES).default('PJSIP'),
    trunk: asteriskName.optional(),
  })
  .refine(
    ({ ari_url, ari_user, ari_password }) =>
      [ari_url, ari_user, ari_password].every((field) => field === undefined) ||
      [ari_url, ari_user, ari_password].every((field) => field !== undefined),
    'ari_url, ari_user and ari_password belong together: give all three or none',
  );

export const openAiCredentialSchema = z.strictObject({
  // It goes into a header, whose errors quote it.
  apiKey: text
    .regex(/^[\x21-\x7e]+$/, 'printable ASCII without spaces')
    .optional()
    .describe('A server of your own may need none'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
});

export const CREDENTIAL_SCHEMAS = {
  asterisk: asteriskCredentialSchema,
  'openai-compatible': openAiCredentialSchema,
} as const;

export type CredentialProvider = keyof typeof CREDENTIAL_SCHEMAS;
export const CREDENTIAL_PROVIDERS = Object.keys(CREDENTIAL_SCHEMAS) as readonly CredentialProvider[];
export type AsteriskCredential = z.infer<typeof asteriskCredentialSchema>;
export type OpenAiCredential = z.infer<typeof openAiCredentialSchema>;
export type CredentialValue<P extends CredentialProvider> = z.infer<(typeof CREDENTIAL_SCHEMAS)[P]>;

/** Calls that one Asterisk is asked to begin in a second, where its credential says nothing else. */
export const CALLS_PER_SECOND_DEFAULT = 5;
export const CALLS_PER_SECOND_MAX = 100;
