import { createIdSource, type LiveFeed, type Logger, type Scope, systemClock } from '@rapida/core';
import { repairRecordings } from '@rapida/media';
import { createSqlStores, primaryStores, type SqlStores } from '@rapida/stores';
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

/** A worker asks its primary process for what is in the folder, and leaves the files in it to that one. */
export async function openStores(options: OpenStoresOptions, feed: LiveFeed): Promise<SqlStores> {
  const { config, folder, logger, scope, seat } = options;
  if (seat !== undefined && config.databaseUrl === undefined) return primaryStores(seat.peer);
  const clock = systemClock;
  const database = await openDatabase(config, folder, logger);
  scope.onClose(() => database.close());
  if (seat === undefined) await repair(folder, logger);
  return createSqlStores(database, createIdSource(clock), { feed, clock });
}

/** Before anything is recorded: what is being written looks like what was left. */
export async function repair(folder: Pick<DataFolder, 'recordings'>, logger: Logger): Promise<void> {
  const { failed } = await repairRecordings(folder.recordings);
  for (const { path, error } of failed) logger.warn({ path, err: error }, 'a recording could not be repaired');
}
