import type { AriAccess } from '@rapida/ari';
import {
  CREDENTIAL_SCHEMAS,
  type CredentialProvider,
  type CredentialRecord,
  type CredentialValue,
  type ErrorCode,
  type OpenedCredential,
  openedCredential,
  RapidaError,
  type Secret,
  type Vault,
} from '@rapida/core';

/** What is needed to use an Asterisk, its password hidden from logs. */
export interface AsteriskAccess extends OpenedCredential<'asterisk'> {
  /** Calls that may be begun with it in a second. */
  readonly callsPerSecond: number;
}

export type CredentialAccess = {
  readonly [P in CredentialProvider]: P extends 'asterisk' ? AsteriskAccess : OpenedCredential<P>;
};

/** What names a credential: a phone deployment one of `asterisk`, a configuration all others. */
const namedBy = (provider: CredentialProvider): ErrorCode =>
  provider === 'asterisk' ? 'deployment_invalid' : 'assistant_invalid';

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
  if (misuse !== undefined) throw new RapidaError(namedBy(provider), `credentialId: ${misuse}`);
  const plain = vault.open(record.sealed, { projectId: record.projectId, credentialId: record.id });
  const opened = openedCredential(provider, readValue(plain, provider));
  // The rate is of the record: only an Asterisk has one.
  return {
    ...opened,
    ...(provider === 'asterisk' && { callsPerSecond: record.callsPerSecond }),
  } as CredentialAccess[P];
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
