import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SETTINGS } from '@rapida/server';
import { parse, parseAllDocuments } from 'yaml';

/** Of the parts of a YAML file that a test looks at, nothing is known before. */
// biome-ignore lint/suspicious/noExplicitAny: a parsed file, of which each test says what it expects
export type Parsed = any;

export function pathOf(file: string): string {
  return fileURLToPath(new URL(`../../${file}`, import.meta.url));
}

export function textOf(file: string): string {
  return readFileSync(pathOf(file), 'utf8');
}

export function yamlOf(file: string): Parsed {
  return parse(textOf(file), { merge: true });
}

/** All documents of a file; malformed ones fail the test. */
export function yamlsOf(file: string): Parsed[] {
  return parseAllDocuments(textOf(file)).map((document) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors.join(', ')}`);
    return document.toJS();
  });
}

/** What every node has to be told where there are several. */
export const NEEDED = ['DATABASE_URL', 'REDIS_URL', 'VAULT__KEY', 'NODE__ID', 'PUBLIC_ASSISTANT_HOST', 'DATA_DIR'];

/** Those that are no settings of ours, or have a value that the server would refuse. */
export function wrongSettings(given: Readonly<Record<string, string>>): string[] {
  return Object.entries(given)
    .filter(([name, value]) => {
      const known = Object.hasOwn(SETTINGS, name) ? SETTINGS[name as keyof typeof SETTINGS] : undefined;
      return known === undefined || !known.test(value);
    })
    .map(([name]) => name);
}

export const PORTS = {
  http: Number(SETTINGS.HTTP__PORT.standard),
  audiosocket: Number(SETTINGS.AUDIOSOCKET__PORT.standard),
  grpc: Number(SETTINGS.GRPC__PORT.standard),
};

/** Of calls that are told to end, and of what is closed after them. */
export const AFTER_DRAIN_SECONDS = 15;
