import { RapidaError } from '@rapida/core';

type Method = (...args: unknown[]) => Promise<unknown>;

/** The same store, whose failures that are not ours yet become `store_failed` with the driver's error as the cause. */
export function reportFailures<S extends object>(name: string, store: S): S {
  const guarded = Object.entries(store as unknown as Record<string, Method>).map(([method, run]) => {
    const reporting: Method = async (...args) => {
      try {
        return await run(...args);
      } catch (error) {
        throw storeFailure(`${name}.${method}`, error);
      }
    };
    return [method, reporting] as const;
  });
  return Object.fromEntries(guarded) as unknown as S;
}

function storeFailure(operation: string, error: unknown): RapidaError {
  if (error instanceof RapidaError) return error;
  const code = codeOf(error);
  const detail = code === '' ? operation : `${operation}, ${code}`;
  return new RapidaError('store_failed', `The store could not be read or written (${detail}).`, { cause: error });
}

const UNIQUE_VIOLATION = '23505';
const DEADLOCK = '40P01';
const SERIALIZATION_FAILURE = '40001';

/** Of what must be unique besides the primary key: a second row of one id is nobody's choice of a name. */
export function isUniqueViolation(error: unknown): boolean {
  const code = codeOf(error);
  if (code === UNIQUE_VIOLATION) return !constraintOf(error).endsWith('_pkey');
  return code === 'SQLITE_CONSTRAINT_UNIQUE';
}

/** PostgreSQL names what was violated; a primary key without a name of its own is called `<table>_pkey`. */
function constraintOf(error: unknown): string {
  return error instanceof Error && 'constraint' in error ? String(error.constraint) : '';
}

/** Whether the database undid a transaction only because of another one, which is over now. */
export function isRepeatable(error: unknown): boolean {
  return [DEADLOCK, SERIALIZATION_FAILURE].includes(codeOf(error));
}

/**
 * Whether the database takes such values never, so that trying again is no use: PostgreSQL's classes 22 (data) and 23
 * (constraints), SQLite's constraints, and what a column cannot hold at all.
 */
export function isRefused(error: unknown): boolean {
  if (error instanceof RapidaError) return error.code === 'call_not_found';
  return /^(2[23][0-9A-Z]{3}|SQLITE_(CONSTRAINT|MISMATCH|TOOBIG).*)$/.test(codeOf(error));
}

/** The driver's or the system's word for what went wrong (`SQLITE_FULL`, `EACCES`); empty where it has none. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  // The driver gives no code when it cannot open a file, only SQLite's number at the end of the message.
  if (/Unable to open connection.*: 14"\)$/.test(error.message)) return 'SQLITE_CANTOPEN';
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** What whoever runs the server has to put right; the rest may pass by itself. */
const UNUSABLE: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'it is not a database, or it is damaged: put a backup in its place',
  SQLITE_CORRUPT: 'it is damaged: put a backup in its place',
  SQLITE_CANTOPEN: 'it is no file, or it may not be read and written by this user',
  SQLITE_PERM: 'it may not be read and written by this user',
  SQLITE_READONLY: 'it may not be written by this user',
  EACCES: 'this user may not read and write it or its folder',
  EPERM: 'this user may not read and write it or its folder',
  EROFS: 'its file system is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a part of its path is a file',
  ENAMETOOLONG: 'its path is too long',
};
const PASSING: Readonly<Record<string, string>> = {
  SQLITE_BUSY: 'another process holds it locked',
  SQLITE_LOCKED: 'another process holds it locked',
  SQLITE_FULL: 'the disk is full',
  ENOSPC: 'the disk is full',
};

/** Why a database file could not be opened: `setting_invalid` where the path or the file is at fault, else `store_failed`. */
export function openFailure(file: string, error: unknown): RapidaError {
  if (error instanceof RapidaError) return new RapidaError(error.code, `${file}: ${error.message}`, { cause: error });
  const code = codeOf(error);
  const primary = code.replace(/^(SQLITE_[A-Z]+)_.*$/, '$1');
  const why = UNUSABLE[primary] ?? PASSING[primary] ?? 'the cause is in the log';
  const message = `The database ${file} cannot be opened: ${why}${code === '' ? '' : ` (${code})`}.`;
  return new RapidaError(primary in UNUSABLE ? 'setting_invalid' : 'store_failed', message, { cause: error });
}
