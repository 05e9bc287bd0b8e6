import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { RapidaError } from '@rapida/core';
import type { Config } from './config.js';
import type { DataFolder } from './data-folder.js';

/** One process, one folder of data: calls of a former life on this folder are this node's. */
const ONLY_NODE = 'single';

/**
 * Whose calls are whose in the database. A folder's own database has one node. Nodes that share one have a name each, kept in
 * their folders: none ends the calls of another when it starts, and each ends those of its own former life.
 */
export function nodeIdOf(
  { databaseUrl }: Pick<Config, 'databaseUrl'>,
  { nodeId: path }: Pick<DataFolder, 'nodeId'>,
): string {
  if (databaseUrl === undefined) return ONLY_NODE;
  try {
    return readOrMake(path);
  } catch (error) {
    throw new RapidaError('setting_invalid', `${path} cannot be used: ${String(error)}`, { cause: error });
  }
}

function readOrMake(path: string): string {
  try {
    writeFileSync(path, `node-${randomBytes(8).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const id = readFileSync(path, 'utf8').trim();
  if (/^[A-Za-z0-9._-]{1,64}$/.test(id)) return id;
  throw new Error('it holds no name of a node (letters, digits, dots and dashes); remove it while no call is up');
}
