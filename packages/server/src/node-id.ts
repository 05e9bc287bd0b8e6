import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { RapidaError } from '@rapida/core';
import type { Config } from './config.js';
import type { DataFolder } from './data-folder.js';

/** One process, one folder of data: calls of a former life on this folder are this node's. */
const ONLY_NODE = 'single';
const HOST_CHARS_MAX = 40;

/**
 * Whose calls are whose. A folder's own database has one node. Nodes of one installation have a name each, `NODE__ID` or one
 * that is kept in their folders: none ends the calls of another when it starts, and each ends those of its own former life.
 */
export function nodeIdOf(
  { databaseUrl, redisUrl, nodeId }: Pick<Config, 'databaseUrl' | 'redisUrl' | 'nodeId'>,
  { nodeId: path }: Pick<DataFolder, 'nodeId'>,
): string {
  if (databaseUrl === undefined && redisUrl === undefined) return ONLY_NODE;
  if (nodeId !== undefined) return nodeId;
  try {
    return readOrMake(path);
  } catch (error) {
    throw new RapidaError('setting_invalid', `${path} cannot be used: ${String(error)}`, { cause: error });
  }
}

function readOrMake(path: string): string {
  try {
    const host =
      hostname()
        .replace(/[^A-Za-z0-9.-]/g, '-')
        .slice(0, HOST_CHARS_MAX) || 'node';
    writeFileSync(path, `${host}-${randomBytes(4).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const id = readFileSync(path, 'utf8').trim();
  if (/^[A-Za-z0-9._-]{1,64}$/.test(id)) return id;
  throw new Error('it holds no name of a node (letters, digits, dots and dashes); remove it while no call is up');
}
