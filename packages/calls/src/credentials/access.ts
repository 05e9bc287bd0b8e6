import type { AriAccess } from '@rapida/ari';
import {
  type AsteriskCredential,
  CREDENTIAL_SCHEMAS,
  type CredentialProvider,
  type CredentialRecord,
  type CredentialValue,
  type ErrorCode,
  type OpenAiCredential,
  RapidaError,
  Secret,
  type Vault,
} from '@rapida/core';

/** What is needed to use an Asterisk, its password hidden from logs. */
export interface AsteriskAccess extends Readonly<Omit<AsteriskCredential, 'ari_password'>> {
  readonly ari_password?: Secret | undefined;
  /** Calls that may be begun with it in a second. */
  readonly callsPerSecond: number;
}

/** What is needed to use a server with OpenAI's API, its key hidden from logs. */
export interface OpenAiAccess extends Readonly<Omit<OpenAiCredential, 'apiKey'>> {
  readonly apiKey?: Secret | undefined;
}

export interface CredentialAccess {
  readonly asterisk: AsteriskAccess;
  readonly 'openai-compatible': OpenAiAccess;
}

/** What names a credential: a phone deployment one of `asterisk`, a configuration one of `openai-compatible`. */
const NAMED_BY: Readonly<Record<CredentialProvider, ErrorCode>> = {
  asterisk: 'deployment_invalid',
  'openai-compatible': 'assistant_invalid',
};

const WRAP: {
  readonly [P in CredentialProvider]: (value: CredentialValue<P>, record: CredentialRecord) => CredentialAccess[P];
} = {
  asterisk: ({ ari_password, ...rest }, { callsPerSecond }) => ({
    ...rest,
    callsPerSecond,
    ...(ari_password !== undefined && { ari_password: new Secret(ari_password) }),
  }),
  'openai-compatible': ({ apiKey, ...rest }) => ({
    ...rest,
    ...(apiKey !== undefined && { apiKey: new Secret(apiKey) }),
  }),
};

/**
 * Opens a record of this provider. Fails with `credential_unreadable`, and where it is another provider's with the code
 * of what named it.
 */
export function openAccess<P extends CredentialProvider>(
  vault: Pick<Vault, 'open'>,
  record: CredentialRecord,
  provider: P,
): CredentialAccess[P] {
  const misuse = misuseOf(record, provider);
  if (misuse !== undefined) throw new RapidaError(NAMED_BY[provider], `credentialId: ${misuse}`);
  const plain = vault.open(record.sealed, { projectId: record.projectId, credentialId: record.id });
  return WRAP[provider](readValue(plain, provider), record);
}

/** What is wrong with naming this record where one of `provider` is needed; undefined when nothing is. */
export function misuseOf(record: CredentialRecord | undefined, provider: CredentialProvider): string | undefined {
  if (record === undefined) return 'no credential with this id in this project';
  if (record.provider === provider) return undefined;
  return `credential ${record.id} is of provider ${record.provider}; accepted is one of ${provider}`;
}

function readValue<P extends CredentialProvider>(plain: string, provider: P): CredentialValue<P> {
  try {
    return CREDENTIAL_SCHEMAS[provider].parse(JSON.parse(plain)) as CredentialValue<P>;
  } catch {
    // Without the cause: both parsers quote what they were given.
    const message = `The credential was saved by a version whose fields of ${provider} differ: save it anew.`;
    throw new RapidaError('credential_unreadable', message);
  }
}

/** What reaches ARI. Its password is opened for each request and at no other time. */
export interface AriReach {
  readonly url: string;
  readonly user: string;
  readonly password: Secret;
}

/** Undefined where the credential has no `ari_url`: its fields come together or not at all. */
export function ariReachOf({
  ari_url: url,
  ari_user: user,
  ari_password: password,
}: AsteriskAccess): AriReach | undefined {
  return url === undefined || user === undefined || password === undefined ? undefined : { url, user, password };
}

/** As the library wants it. */
export function toAriAccess({ url, user, password }: AriReach): AriAccess {
  return { url, user, password: () => password.reveal() };
}
