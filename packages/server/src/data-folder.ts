import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RapidaError } from '@rapida/core';

/** What lies in DATA_DIR. */
export interface DataFolder {
  readonly database: string;
  readonly recordings: string;
  /** The admin key of the first start, for commands on the same host. */
  readonly adminKey: string;
  /** The key that the printed dialplan registers calls with. */
  readonly asteriskKey: string;
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
    release: () => rmSync(lock, { force: true }),
  };
}

export function writeSecretFile(path: string, text: string): void {
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
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
