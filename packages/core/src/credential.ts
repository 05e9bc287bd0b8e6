import { z } from 'zod';
import { ENDPOINT_TECHNOLOGIES } from './phone-deployment.js';
import { Secret } from './secret.js';

/**
 * What the vault keeps, by provider. The fields of `asterisk` have the names of Asterisk's world. Only names of fields
 * ever leave the server, never a value.
 */
const text = z.string().min(1).max(2_000);
const asteriskName = z.string().regex(/^[A-Za-z0-9_.-]{1,80}$/, 'letters, digits, _ . and - only');

const ARI_FIELDS = ['ari_url', 'ari_user', 'ari_password'] as const;

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
  .superRefine((value, context) => {
    const missing = ARI_FIELDS.filter((field) => value[field] === undefined);
    if (missing.length === 0 || missing.length === ARI_FIELDS.length) return;
    const message = 'ari_url, ari_user and ari_password belong together: give all three or none';
    for (const field of missing) context.addIssue({ code: 'custom', path: [field], message });
  });

/** It goes into a header, whose errors quote it. */
const key = text.regex(/^[\x21-\x7e]+$/, 'printable ASCII without spaces');
const address = z.url({ protocol: /^https?$/ }).max(2_000);
const place = z.string().regex(/^[a-z0-9-]{1,40}$/);

/** Without an address it is the vendor's own. Sockets are opened at the same one, with ws for http. */
const keyed = z.strictObject({ apiKey: key, baseUrl: address.optional() });

export const CREDENTIAL_SCHEMAS = {
  asterisk: asteriskCredentialSchema,
  'openai-compatible': keyed.partial({ apiKey: true }).describe('A server of your own may need no key'),
  openai: keyed,
  deepgram: keyed,
  assemblyai: keyed,
  elevenlabs: keyed,
  cartesia: keyed,
  anthropic: keyed,
  /** Gemini. */
  google: keyed,
  mistral: keyed,
  groq: keyed,
  /** Speech-to-Text and Text-to-Speech, by a service account. */
  'google-cloud': z.strictObject({
    serviceAccount: z.string().min(1).max(20_000).describe('The JSON of its key'),
    speechUrl: address.optional(),
    voiceUrl: address.optional(),
  }),
  'azure-speech': z.strictObject({
    apiKey: key,
    region: place.describe('e.g. westeurope'),
    speechUrl: address.optional(),
    voiceUrl: address.optional(),
  }),
  'azure-openai': z.strictObject({
    apiKey: key,
    endpoint: address.describe('e.g. https://my-resource.openai.azure.com'),
    apiVersion: z
      .string()
      .regex(/^[0-9a-z-]{1,30}$/)
      .optional(),
  }),
  bedrock: z.strictObject({
    region: place.describe('e.g. eu-central-1'),
    accessKeyId: key,
    secretAccessKey: key,
    baseUrl: address.optional(),
  }),
  /** For tools: sent as `Authorization: Bearer`. */
  http: z.strictObject({ token: key }),
} as const;

export type CredentialProvider = keyof typeof CREDENTIAL_SCHEMAS;
export const CREDENTIAL_PROVIDERS = Object.keys(CREDENTIAL_SCHEMAS) as readonly CredentialProvider[];
export type AsteriskCredential = z.infer<typeof asteriskCredentialSchema>;
export type CredentialValue<P extends CredentialProvider> = z.infer<(typeof CREDENTIAL_SCHEMAS)[P]>;

/** The one field of each that nobody may see. */
export const SECRET_FIELDS = {
  asterisk: 'ari_password',
  'openai-compatible': 'apiKey',
  openai: 'apiKey',
  deepgram: 'apiKey',
  assemblyai: 'apiKey',
  elevenlabs: 'apiKey',
  cartesia: 'apiKey',
  anthropic: 'apiKey',
  google: 'apiKey',
  mistral: 'apiKey',
  groq: 'apiKey',
  'google-cloud': 'serviceAccount',
  'azure-speech': 'apiKey',
  'azure-openai': 'apiKey',
  bedrock: 'secretAccessKey',
  http: 'token',
} as const satisfies { readonly [P in CredentialProvider]: keyof CredentialValue<P> };

/** A credential in use, its secret hidden from logs. */
export type OpenedCredential<P extends CredentialProvider> = {
  readonly [F in keyof CredentialValue<P>]: F extends (typeof SECRET_FIELDS)[P]
    ? Secret | Extract<CredentialValue<P>[F], undefined>
    : CredentialValue<P>[F];
};

export function openedCredential<P extends CredentialProvider>(
  provider: P,
  value: CredentialValue<P>,
): OpenedCredential<P> {
  const hidden: string = SECRET_FIELDS[provider];
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    name === hidden && typeof field === 'string' ? new Secret(field) : field,
  ]);
  return Object.fromEntries(fields) as OpenedCredential<P>;
}

/** Calls that one Asterisk is asked to begin in a second, where its credential says nothing else. */
export const CALLS_PER_SECOND_DEFAULT = 5;
export const CALLS_PER_SECOND_MAX = 100;
