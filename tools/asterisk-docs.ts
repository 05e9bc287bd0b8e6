import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type DialplanRequest,
  type DialplanServer,
  FEATURES,
  generateConfiguration,
  releasesTable,
} from '@rapida/server';

/**
 * What the pages about Asterisk show is written by the generator behind `rapida dialplan`: a fenced block behind
 * `<!-- generated: example file -->` is replaced by `npm run docs`, and a test holds it to that.
 */
const SERVER: DialplanServer = {
  host: 'pbx-ai.example.com',
  httpPort: 8080,
  audiosocketPort: 4573,
  assistantId: '123456789',
  apiKey: 'rpd-...',
};
const SECURE: DialplanServer = { ...SERVER, httpPort: undefined };

export const EXAMPLES: Readonly<Record<string, DialplanRequest>> = {
  audiosocket: { transport: 'audiosocket', servers: [SERVER] },
  'audiosocket-18': { asterisk: '18', transport: 'audiosocket', servers: [SERVER] },
  websocket: { transport: 'websocket', servers: [SERVER] },
  both: { transport: 'audiosocket', direction: 'both', servers: [SERVER] },
  https: { transport: 'websocket', scheme: 'https', servers: [SECURE], caFile: '/etc/asterisk/pbx-ai-ca.pem' },
  freepbx: { transport: 'audiosocket', layout: 'freepbx', servers: [SERVER] },
  'freepbx-websocket': { transport: 'websocket', layout: 'freepbx', servers: [SERVER] },
  several: {
    transport: 'audiosocket',
    servers: [
      { ...SERVER, host: 'ai-1.example.com' },
      { ...SERVER, host: 'ai-2.example.com' },
    ],
  },
};

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = 'docs/asterisk';
export const BLOCK = /<!-- generated: (\S+)(?: (\S+))? -->\n(?:```ini\n[\s\S]*?```|\|[\s\S]*?\n(?=\n|$))/g;

/** Paths from the root of the repository. */
export function pagesWithBlocks(): string[] {
  return ['README.md', ...readdirSync(join(ROOT, FOLDER)).map((name) => `${FOLDER}/${name}`)];
}

export function readPage(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The page as it has to be. */
export function filled(page: string): string {
  return page.replaceAll(BLOCK, (_whole, example: string, file: string | undefined) => {
    const marker = `<!-- generated: ${example}${file === undefined ? '' : ` ${file}`} -->\n`;
    if (example === 'releases') return `${marker}${releasesTable()}\n`;
    if (example === 'without') return `${marker}${withoutTable()}\n`;
    return `${marker}\`\`\`ini\n${textOf(example, file)}\`\`\``;
  });
}

function textOf(example: string, file: string | undefined): string {
  const request = EXAMPLES[example];
  const text = request && generateConfiguration(request).files.find(({ name }) => name === file)?.text;
  if (text === undefined) throw new Error(`the marker "${example} ${file}" names no example, or no file of it`);
  return text;
}

function withoutTable(): string {
  const rows = Object.values(FEATURES).map(({ title, without }) => `| ${title} | ${without} |`);
  return ['| without | it means |', '| --- | --- |', ...rows].join('\n');
}

export function writePages(): void {
  for (const path of pagesWithBlocks()) writeFileSync(join(ROOT, path), filled(readPage(path)));
}
