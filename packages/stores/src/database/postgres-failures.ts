import { RapidaError } from '@rapida/core';

/** What whoever runs the server has to put right, by PostgreSQL's or the system's word for it. */
const UNUSABLE: Readonly<Record<string, string>> = {
  '28P01': 'the password is wrong, or there is no such user',
  '28000': 'this user may not connect from here (pg_hba.conf)',
  '3D000': 'there is no such database',
  '3F000': 'there is no schema to make tables in',
  '42501': 'this user may not make tables in it (grant it CREATE on the schema, or make it the owner of the database)',
  '25006': 'it takes no writes: it is a standby, or read-only',
  ENOTFOUND: 'there is no host of that name',
  EACCES: 'a file it names may not be read by this user',
  ENOENT: 'a file or socket it names does not exist',
};
/** What may pass by itself. */
const PASSING: Readonly<Record<string, string>> = {
  '53300': 'it has no connection left (max_connections)',
  '57P03': 'it is starting or stopping',
  '55P03': 'another process holds it locked',
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was closed',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that host',
  EAI_AGAIN: 'its name cannot be looked up now',
};

/**
 * Why PostgreSQL could not be used, in one line without the address, which has the password in it: `setting_invalid` where
 * the setting or the server has to be changed, else `store_failed`.
 */
export function postgresFailure(where: string, error: unknown): RapidaError {
  if (error instanceof RapidaError) return new RapidaError(error.code, `${where}: ${error.message}`, { cause: error });
  const code = codeOf(error);
  const why = UNUSABLE[code] ?? PASSING[code] ?? wordsOf(error);
  const message = `The database ${where} cannot be used: ${why}${code === '' ? '' : ` (${code})`}.`;
  return new RapidaError(code in UNUSABLE ? 'setting_invalid' : 'store_failed', message, { cause: error });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The driver has no codes for these. */
function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (/timeout/i.test(message)) return 'it does not answer in time';
  if (/terminated/i.test(message)) return 'the connection was closed';
  if (/does not support SSL/i.test(message)) return 'it does not speak TLS';
  if (/certificate|self-signed|altnames/i.test(message)) return 'its certificate is not trusted (sslrootcert)';
  if (/password must be a string/i.test(message)) return 'it wants a password, and there is none in the address';
  return 'the cause is in the log';
}
