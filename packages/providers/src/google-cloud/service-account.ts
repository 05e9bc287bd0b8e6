import { createPrivateKey, sign } from 'node:crypto';
import { type Clock, RapidaError, Secret } from '@rapida/core';
import { z } from 'zod';

/** Google takes an hour at most. */
export const TOKEN_MS = 3_600_000;
/** A token that has less than this to live is made anew: clocks differ, and a request takes its time. */
export const RENEW_BEFORE_MS = 300_000;

/** Of the JSON that Google gives for a key; what else is in it is not needed. */
const accountSchema = z.object({
  project_id: z.string().regex(/^[a-z][a-z0-9:.-]{1,99}$/),
  private_key_id: z.string().max(200).optional(),
  private_key: z.string(),
  client_email: z.string().min(3).max(300),
});

type Account = z.infer<typeof accountSchema>;

interface Token {
  readonly value: Secret;
  readonly renewAtMs: number;
}

/**
 * A service account: signs its own tokens, so that no other server is asked for one (AIP-4111, "Self-signed JWT", and Google's "Using OAuth
 * 2.0 for Server to Server Applications", addendum "Service account authorization without OAuth"). One per engine: signing takes about a
 * millisecond, once an hour. What is wrong with the JSON is told without a word of it.
 */
export class ServiceAccount {
  readonly #json: Secret;
  readonly #clock: Clock;
  /** By service; as many as there are services of Google in use, two. */
  readonly #tokens = new Map<string, Token>();
  #projectId: string | undefined;

  constructor(json: Secret, clock: Clock) {
    this.#json = json;
    this.#clock = clock;
  }

  /** Throws `provider_unconfigured` where the credential holds no service account. */
  projectId(): string {
    this.#projectId ??= read(this.#json).project_id;
    return this.#projectId;
  }

  /** For `Authorization: Bearer`; `service` as in `speech.googleapis.com`. Throws as `projectId` does. */
  token(service: string): Secret {
    const nowMs = this.#clock.wallMs();
    const known = this.#tokens.get(service);
    if (known !== undefined && nowMs < known.renewAtMs) return known.value;
    const value = new Secret(signed(read(this.#json), service, nowMs));
    this.#tokens.set(service, { value, renewAtMs: nowMs + TOKEN_MS - RENEW_BEFORE_MS });
    return value;
  }
}

function read(json: Secret): Account {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json.reveal());
  } catch {
    throw unusable('is not JSON');
  }
  const account = accountSchema.safeParse(parsed);
  if (account.success) return account.data;
  throw unusable(`has no usable ${String(account.error.issues[0]?.path[0] ?? 'fields')}`);
}

function signed(account: Account, service: string, nowMs: number): string {
  const issuedS = Math.floor(nowMs / 1_000);
  const head = { alg: 'RS256', typ: 'JWT', kid: account.private_key_id };
  const claims = {
    iss: account.client_email,
    sub: account.client_email,
    aud: `https://${service}/`,
    iat: issuedS,
    exp: issuedS + TOKEN_MS / 1_000,
  };
  const content = `${encoded(head)}.${encoded(claims)}`;
  try {
    const key = createPrivateKey(account.private_key);
    if (key.asymmetricKeyType !== 'rsa') throw unusable('has a private_key that is not RSA');
    return `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`;
  } catch (error) {
    // What the library says of a key may quote it.
    throw error instanceof RapidaError ? error : unusable('has no usable private_key');
  }
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function unusable(how: string): RapidaError {
  return new RapidaError('provider_unconfigured', `The service account of the credential ${how}`);
}
