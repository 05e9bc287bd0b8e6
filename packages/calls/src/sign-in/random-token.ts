import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;
const FORM = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits: nothing to guess, so that its hash need not be slow. */
export function newToken(): { readonly token: string; readonly hash: string } {
  const token = randomBytes(BYTES).toString('base64url');
  return { token, hash: hashOfToken(token) };
}

export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** What has another form is refused before anything is spent on it. */
export function isToken(text: string): boolean {
  return FORM.test(text);
}
