import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative, sep } from 'node:path';
import type { DashboardFile, DashboardFiles } from '@rapida/api';
import { type Logger, RapidaError } from '@rapida/core';

/** All of them are kept in memory: what is not among them cannot be asked for, whatever the path. */
const BYTES_MAX = 32 * 1024 * 1024;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
};
const COMPRESSED = { '.br': 'br', '.gz': 'gzip' } as const;

/** Where the package with the built dashboard has it; undefined where it is not installed. */
export function installedDashboard(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve('@rapida/dashboard/package.json');
    return join(dirname(manifest), 'dist');
  } catch {
    return undefined;
  }
}

/** What was built, by path without a slash in front; empty where nothing was, which is no reason not to hold calls. */
export async function readDashboard(folder: string | undefined, logger: Logger): Promise<DashboardFiles> {
  if (folder === undefined) return new Map();
  try {
    return await readFolder(folder);
  } catch (error) {
    logger.warn({ folder, err: error }, 'there is no dashboard: its files cannot be read');
    return new Map();
  }
}

async function readFolder(folder: string): Promise<DashboardFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  if (sizes.reduce((sum, size) => sum + size, 0) > BYTES_MAX) {
    throw new RapidaError('setting_invalid', `the dashboard has more than ${BYTES_MAX} bytes`);
  }
  const named = await Promise.all(
    paths.map(async (path) => [relative(folder, path).split(sep).join('/'), await readFile(path)] as const),
  );
  const contents = new Map(named);
  const files = named.flatMap(([name, bytes]): [string, DashboardFile][] => {
    const type = TYPES[extname(name)];
    if (type === undefined) return [];
    const compressed = Object.entries(COMPRESSED).flatMap(([ending, coding]) => {
      const smaller = contents.get(`${name}${ending}`);
      return smaller === undefined ? [] : [{ coding, bytes: smaller }];
    });
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    return [[name, { type, bytes, compressed, etag }]];
  });
  return new Map(files);
}
