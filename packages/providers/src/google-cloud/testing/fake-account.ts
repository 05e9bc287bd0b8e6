import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';

/** A service account with a key of its own, and Google's look at its tokens. */
export interface FakeAccount {
  /** As Google gives it for download. */
  readonly json: string;
  readonly projectId: string;
  readonly email: string;
  /** Why the header is not taken at this moment; undefined where it is. */
  refuse(authorization: string | null | undefined, service: string, nowMs: number): string | undefined;
}

export function makeFakeAccount(): FakeAccount {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const [projectId, email] = ['acme-phone', 'rapida@acme-phone.iam.gserviceaccount.com'];
  const json = JSON.stringify({
    type: 'service_account',
    project_id: projectId,
    private_key_id: 'f00dfeed',
    private_key: pem,
    client_email: email,
    client_id: '113258942105700140798',
    token_uri: 'https://oauth2.googleapis.com/token',
  });
  const publicPem = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
  return {
    ...{ json, projectId, email },
    refuse: (authorization, service, nowMs) => {
      const token = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(authorization ?? '');
      if (token === null) return 'Request had invalid authentication credentials.';
      const [, head = '', body = '', signature = ''] = token;
      const signed = Buffer.from(`${head}.${body}`);
      if (!verify('sha256', signed, publicPem, Buffer.from(signature, 'base64url'))) return 'Invalid JWT signature.';
      return refuseClaims(decoded(head), decoded(body), { service, email, nowMs });
    },
  };
}

function decoded(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
}

function refuseClaims(
  head: Record<string, unknown>,
  claims: Record<string, unknown>,
  { service, email, nowMs }: { service: string; email: string; nowMs: number },
): string | undefined {
  if (head.alg !== 'RS256' || head.typ !== 'JWT' || head.kid !== 'f00dfeed') return 'Unknown key.';
  if (claims.iss !== email || claims.sub !== email) return 'Unknown account.';
  if (claims.aud !== `https://${service}/`) return 'JWT audience is not this service.';
  const { iat, exp } = claims as { iat: number; exp: number };
  if (!(exp - iat <= 3_600) || iat * 1_000 > nowMs || exp * 1_000 <= nowMs) return 'JWT is not valid at this time.';
  return undefined;
}
