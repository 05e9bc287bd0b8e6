import { CREDENTIAL_SCHEMAS, type CredentialProvider, type CredentialValue, RapidaError } from '@rapida/core';

/**
 * The value of a credential as it was sent, checked. The words of a refusal are all from here: what a parser says may
 * quote what it was given, and that is a secret.
 */
const A_KEY = 'a key of 1 to 2000 characters';
const AN_ADDRESS = 'an http or https URL';
const KEYED = { apiKey: A_KEY, baseUrl: `${AN_ADDRESS} up to and with the version, as in https://api.openai.com/v1` };
const OWN_ADDRESSES = { speechUrl: AN_ADDRESS, voiceUrl: AN_ADDRESS };

const FIELDS: { readonly [P in CredentialProvider]: Readonly<Record<keyof CredentialValue<P>, string>> } = {
  asterisk: {
    ari_url: 'an http or https URL, as in http://127.0.0.1:8088',
    ari_user: 'the name of a section of ari.conf, without colon and space',
    ari_password: 'a text of 1 to 2000 characters',
    endpoint_technology: 'PJSIP, SIP, IAX2 or DAHDI',
    trunk: '1 to 80 letters, digits, _ . and -',
  },
  'openai-compatible': KEYED,
  openai: KEYED,
  deepgram: KEYED,
  assemblyai: KEYED,
  elevenlabs: KEYED,
  cartesia: KEYED,
  anthropic: KEYED,
  google: KEYED,
  mistral: KEYED,
  groq: KEYED,
  'google-cloud': { serviceAccount: "the JSON of a service account's key, as Google gives it", ...OWN_ADDRESSES },
  'azure-speech': { apiKey: A_KEY, region: 'a region, as in westeurope', ...OWN_ADDRESSES },
  'azure-openai': {
    apiKey: A_KEY,
    endpoint: 'the URL of the resource, as in https://my-resource.openai.azure.com',
    apiVersion: 'a version of the API, as in 2024-10-21',
  },
  bedrock: {
    region: 'a region, as in eu-central-1',
    accessKeyId: A_KEY,
    secretAccessKey: A_KEY,
    baseUrl: AN_ADDRESS,
  },
  http: { token: A_KEY },
};

const ISSUES_NAMED_MAX = 5;

export interface CheckedValue {
  /** What is sealed. */
  readonly plain: string;
  /** Names of the fields that were given. */
  readonly fields: readonly string[];
}

/** Fails with `credential_invalid`, naming the fields and what is accepted, never a value. */
export function checkValue(provider: CredentialProvider, value: unknown): CheckedValue {
  const parsed = CREDENTIAL_SCHEMAS[provider].safeParse(value);
  if (!parsed.success) {
    const problems = new Set(parsed.error.issues.flatMap((issue) => problemsOf(provider, issue)));
    throw new RapidaError('credential_invalid', [...problems].slice(0, ISSUES_NAMED_MAX).join('; '));
  }
  const given = value as Readonly<Record<string, unknown>>;
  const fields = Object.keys(FIELDS[provider]).filter((name) => given[name] !== undefined);
  return { plain: JSON.stringify(parsed.data), fields };
}

interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

function problemsOf(provider: CredentialProvider, { code, path, message }: Issue): string[] {
  const accepted: Readonly<Record<string, string>> = FIELDS[provider];
  const names = Object.keys(accepted).join(', ');
  if (code === 'unrecognized_keys') {
    return [`value: has a field that is not known; accepted are ${names}`];
  }
  // The rules between fields are sentences of the schema.
  const field = String(path[0] ?? '');
  if (code === 'custom') return [`value${field === '' ? '' : `.${field}`}: ${message}`];
  if (field === '') return [`value: accepted is an object with the fields ${names}`];
  return [`value.${field}: accepted is ${accepted[field] ?? 'nothing'}`];
}
