import { existsSync } from 'node:fs';
import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { type Logger, RapidaError } from '@rapida/core';
import { type Counts, embeddedSchema, exportData, importData, linesOf, type SchemaState } from '@rapida/stores';
import type { Config } from './config.js';
import { type DataFolder, openDataFolder } from './data-folder.js';
import { namingSetting, openDatabase } from './open-database.js';

/** Lines written at once. */
const WRITE_CHARS = 64 * 1024;
const ROWS_PER_NEWS = 10_000;

export interface MigrateResult {
  /** Which database, in words. */
  readonly database: string;
  /** What it had before. */
  readonly before: SchemaState;
  /** What was done: nothing where it was only looked at. */
  readonly applied: readonly string[];
}

export interface MoveResult {
  readonly database: string;
  readonly counts: Counts;
  readonly recordings: { readonly folder: string; readonly files: number };
  /** Where the key is that opens what is sealed. */
  readonly vaultKey: string;
}

interface MoveOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly file: string;
  /** Hears how many rows are through, every 10 000. */
  readonly onRows: (count: number) => void;
}

/** Brings the schema up to date, as a start of the server would; `look`: only says what that would do. */
export async function migrateDatabase(
  config: Config,
  logger: Logger,
  mode: 'migrate' | 'look',
): Promise<MigrateResult> {
  if (mode === 'look') return { database: await nameOf(config), before: await schemaOf(config), applied: [] };
  return withFolder(config, async (folder) => {
    const before = await schemaOf(config);
    await (await openDatabase(config, folder, logger)).close();
    return { database: await nameOf(config), before, applied: before.pending };
  });
}

/** Everything the database has into a new file (0600). */
export function exportTo({ config, logger, file, onRows }: MoveOptions): Promise<MoveResult> {
  return withFolder(config, async (folder) => {
    if (config.databaseUrl === undefined && !existsSync(folder.database)) {
      throw new RapidaError('setting_invalid', `There is no database in DATA_DIR=${config.dataDir}.`);
    }
    const output = await openFile(file, 'wx');
    try {
      const database = await openDatabase(longLived(config), folder, logger);
      try {
        const lines = new LineWriter(output, onRows);
        const counts = await exportData(database, (line) => lines.write(line));
        await lines.end();
        return await resultOf(config, folder, counts);
      } finally {
        await database.close();
      }
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    } finally {
      await output.close();
    }
  });
}

/** Everything of a file into a database that has nothing in it yet. */
export function importFrom({ config, logger, file, onRows }: MoveOptions): Promise<MoveResult> {
  return withFolder(config, async (folder) => {
    const input = await openFile(file, 'r');
    try {
      const database = await openDatabase(longLived(config), folder, logger);
      try {
        const lines = linesOf(input.createReadStream({ encoding: 'utf8', autoClose: false }));
        return await resultOf(config, folder, await importData(database, lines, everyTenThousand(onRows)));
      } finally {
        await database.close();
      }
    } finally {
      await input.close();
    }
  });
}

/** A server on the folder would go on writing to what is moved away. */
async function withFolder<T>(config: Config, work: (folder: DataFolder) => Promise<T>): Promise<T> {
  const folder = openDataFolder(config.dataDir);
  try {
    return await work(folder);
  } finally {
    folder.release();
  }
}

/** One connection is enough. */
function longLived({ databaseUrl }: Config): Pick<Config, 'databaseUrl' | 'databaseConnections'> {
  return { databaseUrl, databaseConnections: 1 };
}

async function schemaOf({ databaseUrl, dataDir }: Config): Promise<SchemaState> {
  if (databaseUrl === undefined) return embeddedSchema(`${dataDir}/rapida.db`);
  try {
    const { postgresSchema } = await import('@rapida/stores/postgres');
    return await postgresSchema(databaseUrl.reveal());
  } catch (error) {
    throw namingSetting(error);
  }
}

async function nameOf({ databaseUrl, dataDir }: Config): Promise<string> {
  if (databaseUrl === undefined) return `the embedded database in ${dataDir}`;
  try {
    const { whereIs } = await import('@rapida/stores/postgres');
    return `PostgreSQL at ${whereIs(databaseUrl.reveal())}`;
  } catch (error) {
    throw namingSetting(error);
  }
}

async function resultOf(config: Config, folder: DataFolder, counts: Counts): Promise<MoveResult> {
  const files = existsSync(folder.recordings) ? (await readdir(folder.recordings)).length : 0;
  return {
    database: await nameOf(config),
    counts,
    recordings: { folder: folder.recordings, files },
    vaultKey: config.vaultKeys === undefined ? folder.vaultKey : 'VAULT__KEY',
  };
}

/** `wx`: for writing, and only where there is none. */
async function openFile(file: string, flags: 'r' | 'wx'): Promise<FileHandle> {
  try {
    return await open(file, flags, 0o600);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const why =
      code === 'EEXIST' ? 'it is there already' : code === 'ENOENT' ? 'there is no such file or folder' : code;
    throw new RapidaError('invalid_request', `${file} cannot be opened: ${why}.`, { cause: error });
  }
}

function everyTenThousand(onRows: (count: number) => void): (count: number) => void {
  let next = ROWS_PER_NEWS;
  return (count) => {
    if (count < next) return;
    next = count - (count % ROWS_PER_NEWS) + ROWS_PER_NEWS;
    onRows(count);
  };
}

/** Gathers lines, and is on the disk when it ends. */
class LineWriter {
  readonly #output: FileHandle;
  readonly #news: (count: number) => void;
  #text = '';
  #lines = 0;

  constructor(output: FileHandle, onRows: (count: number) => void) {
    this.#output = output;
    this.#news = everyTenThousand(onRows);
  }

  async write(line: string): Promise<void> {
    this.#text += `${line}\n`;
    this.#news(this.#lines++);
    if (this.#text.length >= WRITE_CHARS) await this.#flush();
  }

  async end(): Promise<void> {
    await this.#flush();
    await this.#output.sync();
  }

  async #flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    await this.#output.writeFile(text);
  }
}
