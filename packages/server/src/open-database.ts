import { type Logger, RapidaError, systemClock } from '@rapida/core';
import { type Database, openEmbedded } from '@rapida/stores';
import type { Config } from './config.js';
import type { DataFolder } from './data-folder.js';

/**
 * The PostgreSQL that `DATABASE_URL` names, else the embedded database in the folder; its schema is the newest afterwards.
 * `users`: of the embedded one, which is this process's; in a PostgreSQL there are always several. What fails names the setting, never its value: that has a password in it.
 */
export async function openDatabase(
  { databaseUrl, databaseConnections }: Pick<Config, 'databaseUrl' | 'databaseConnections'>,
  folder: Pick<DataFolder, 'database'>,
  logger: Logger,
  users: Database['users'] = 'one',
): Promise<Database> {
  const clock = systemClock;
  if (databaseUrl === undefined) return openEmbedded({ file: folder.database, clock, logger, users });
  try {
    const { openPostgres } = await import('@rapida/stores/postgres');
    const limits = { connectionsMax: databaseConnections };
    return await openPostgres({ url: databaseUrl.reveal(), clock, logger, limits });
  } catch (error) {
    throw namingSetting(error);
  }
}

export function namingSetting(error: unknown): RapidaError {
  const { code, message } = RapidaError.from(error);
  return new RapidaError(code, `DATABASE_URL: ${message}`, { cause: error });
}
