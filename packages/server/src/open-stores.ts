import { createIdSource, type LiveFeed, type Logger, RapidaError, type Scope, systemClock } from '@rapida/core';
import { repairRecordings } from '@rapida/media';
import { createSqlStores, type Database, primaryStores, type SqlStores } from '@rapida/stores';
import type { Config } from './config.js';
import type { DataFolder } from './data-folder.js';
import { openDatabase } from './open-database.js';
import type { WorkerSeat } from './workers/seat.js';

export interface OpenStoresOptions {
  readonly config: Config;
  readonly folder: DataFolder;
  readonly logger: Logger;
  /** Everything opened here is closed with it. */
  readonly scope: Scope;
  readonly seat: WorkerSeat | undefined;
}

/** Undefined in a worker that asks its primary process for what is in the folder; the files in it each worker leaves to that one. */
export async function openOwnDatabase(options: OpenStoresOptions): Promise<Database | undefined> {
  const { config, folder, logger, scope, seat } = options;
  if (seat !== undefined && config.databaseUrl === undefined) return undefined;
  const database = await openDatabase(config, folder, logger);
  scope.onClose(() => database.close());
  if (seat === undefined) await repair(folder, logger);
  return database;
}

/** Over a database of its own, or over that of the primary process. */
export function storesOver(
  database: Database | undefined,
  { seat }: Pick<OpenStoresOptions, 'seat'>,
  feed: LiveFeed,
): SqlStores {
  const clock = systemClock;
  if (database !== undefined) return createSqlStores(database, createIdSource(clock), { feed, clock });
  if (seat === undefined) throw new RapidaError('internal', 'a process without a database has a primary process');
  return primaryStores(seat.peer);
}

/** Before anything is recorded: what is being written looks like what was left. */
export async function repair(folder: Pick<DataFolder, 'recordings'>, logger: Logger): Promise<void> {
  const { failed } = await repairRecordings(folder.recordings);
  for (const { path, error } of failed) logger.warn({ path, err: error }, 'a recording could not be repaired');
}
