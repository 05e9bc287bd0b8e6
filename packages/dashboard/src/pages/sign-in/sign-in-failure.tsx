import { RapidaApiError } from '@rapida/client';
import { explain } from '../../data/explain.js';

/** Here a refused key is no reason to sign in again, but what went wrong with signing in. */
export function SignInFailure({ error }: { readonly error: unknown }) {
  return (
    <p role="alert" className="rounded-md border border-bad bg-bad-soft px-3 py-2 text-bad">
      {wordsOf(error)}
    </p>
  );
}

function wordsOf(error: unknown): string {
  const { code = '', retryAfterMs = 0 } = error instanceof RapidaApiError ? error : {};
  if (code === 'password_wrong') return 'This is not the password.';
  if (code === 'key_invalid') return 'This API key is not known here, or was revoked.';
  if (code === 'setup_token_invalid')
    return 'This link was used already, or is too old: `rapida password link` makes a new one.';
  if (code === 'password_unset') return 'No password is set here yet: sign in with an API key.';
  if (code === 'too_many_sign_ins') {
    return `Too many tries. Wait ${Math.max(1, Math.ceil(retryAfterMs / 1_000))} s, then try again.`;
  }
  const { what, next } = explain(error);
  return `${what} ${next}`;
}
