import { readFileSync } from 'node:fs';

const manifest = new URL('../package.json', import.meta.url);

/** Of the server. */
export const VERSION = (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
