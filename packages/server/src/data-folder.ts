import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { RapidaError, Secret } from '@rapida/core';
import { isVaultKey } from './settings-catalogue.js';

/** What lies in DATA_DIR. */
export interface DataFolder {
  readonly database: string;
  readonly recordings: string;
  /** The admin key of the first start, for commands on the same host. */
  readonly adminKey: string;
  /** The key that the printed dialplan registers calls with. */
  readonly asteriskKey: string;
  /** Where the password of the dashboard is set for the first time: once, and in time. */
  readonly setUpLink: string;
  /** Seals the credentials where `VAULT__KEY` is not set. */
  readonly vaultKey: string;
  /** Which node this is, where others use the same database. */
  readonly nodeId: string;
  /** Lets another process have the folder. Idempotent. */
  release(): void;
}

/** Takes the folder for this process; fails with `setting_invalid` where it cannot be used or another server has it. */
export function openDataFolder(path: string): DataFolder {
  const lock = join(path, 'server.lock');
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
  } catch (error) {
    throw new RapidaError('setting_invalid', `DATA_DIR=${path} cannot be used: ${String(error)}`, { cause: error });
  }
  takeLock(lock, path);
  return {
    database: join(path, 'rapida.db'),
    recordings: join(path, 'recordings'),
    adminKey: join(path, 'admin-api-key'),
    asteriskKey: join(path, 'asterisk-api-key'),
    setUpLink: join(path, 'setup-link'),
    vaultKey: join(path, 'vault.key'),
    nodeId: join(path, 'node-id'),
    release: () => rmSync(lock, { force: true }),
  };
}

/** In bytes of its own: what is written as text stays in the memory that small buffers share. */
export function writeSecretFile(path: string, text: string): void {
  const bytes = Buffer.alloc(Buffer.byteLength(text) + 1, '\n');
  bytes.write(text);
  writeFileSync(path, bytes, { mode: 0o600 });
  bytes.fill(0);
}

/**
 * The key in the folder, made where there is none. Fails with `setting_invalid` where the file cannot be read or holds no
 * key: another one in its place would make every credential unreadable.
 */
export function readOrMakeVaultKey({ vaultKey: path }: Pick<DataFolder, 'vaultKey'>): Secret {
  try {
    // Also true of a link whose target is not mounted.
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined)
      writeDurably(path, randomBytes(32).toString('base64'));
    const key = readFileSync(path, 'utf8').trim();
    if (isVaultKey(key)) return new Secret(key);
  } catch (error) {
    throw new RapidaError('setting_invalid', `${path} cannot be used: ${String(error)}`, { cause: error });
  }
  const accepted = 'accepted are 32 bytes in base64; restore it from a backup, or set VAULT__KEY';
  throw new RapidaError('setting_invalid', `${path} holds no key: ${accepted}`);
}

/** Whole or not there, also after a loss of power: the file reaches the disk before its name does. */
function writeDurably(path: string, text: string): void {
  const unnamed = `${path}.new`;
  rmSync(unnamed, { force: true });
  writeFileSync(unnamed, `${text}\n`, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(unnamed, path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Two servers on one folder would end each other's calls. A lock whose process has died (kill -9) is taken over. */
function takeLock(lock: string, folder: string): void {
  for (const attempt of ['first', 'last'] as const) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      const holder = holderOf(lock);
      if (attempt === 'first' && (holder === undefined || !isRunning(holder))) {
        rmSync(lock, { force: true });
        continue;
      }
      const why = holder === undefined ? String(error) : `it is in use by the server with process id ${holder}`;
      throw new RapidaError('setting_invalid', `DATA_DIR=${folder} cannot be used: ${why}`, { cause: error });
    }
  }
}

function holderOf(lock: string): number | undefined {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  // In a container every life of the server has the same process id.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
