import type { MoveResult } from '@rapida/server';
import { Command } from 'commander';
import type { Terminal } from '../terminal.js';

const HELP = `
From the embedded database to PostgreSQL, with the server stopped:
  $ rapida data export everything.jsonl
  $ DATABASE_URL=postgres://rapida:...@db.example/rapida rapida data import everything.jsonl
and back:
  $ DATABASE_URL=postgres://rapida:...@db.example/rapida rapida data export everything.jsonl
  $ rapida data import everything.jsonl

The file holds what the database holds: numbers of callers, what was said, sealed credentials. Recordings and the key of
the vault are not in it.`;

interface Options {
  readonly json?: true;
}

/** `rapida data`: everything in the database this host is configured for, out of it and into another. */
export function dataCommand({ print, note }: Pick<Terminal, 'print' | 'note'>): Command {
  const group = new Command('data').description('move everything to another database').addHelpText('after', HELP);
  const run = async (what: 'export' | 'import', file: string, { json }: Options): Promise<void> => {
    const { createLogger, exportTo, importFrom, loadConfig } = await import('@rapida/server');
    const onRows = (count: number) => note(`${count} rows`);
    const options = { config: loadConfig(), logger: createLogger('silent', 'none'), file, onRows };
    const result = await (what === 'export' ? exportTo : importFrom)(options);
    print(json ? JSON.stringify(result) : textOf(what, file, result));
  };
  group
    .command('export')
    .argument('<file>', 'made; refused where it is there already')
    .description('write everything the database has into a file')
    .option('--json', 'as JSON')
    .action((file: string, options: Options) => run('export', file, options));
  group
    .command('import')
    .argument('<file>', 'as `rapida data export` wrote it')
    .description('put it into a database that has nothing in it yet: all of it or nothing')
    .option('--json', 'as JSON')
    .action((file: string, options: Options) => run('import', file, options));
  return group;
}

function textOf(
  what: 'export' | 'import',
  file: string,
  { database, counts, recordings, vaultKey }: MoveResult,
): string {
  const moved = Object.entries(counts).map(([table, count]) => `  ${table.padEnd(20)} ${String(count).padStart(8)}`);
  const way = what === 'export' ? `${database} -> ${file}` : `${file} -> ${database}`;
  const others =
    what === 'export'
      ? [
          'Not in the file, and to be copied as well:',
          `  recordings           ${recordings.folder} (${recordings.files} files)`,
          `  key of the vault     ${vaultKey}: without it no credential can be read`,
        ]
      : [
          'Copied beside it, if they are not there yet:',
          `  recordings           to ${recordings.folder} (${recordings.files} files there now)`,
          `  key of the vault     in ${vaultKey}: the one of the old installation, or no credential can be read`,
        ];
  return [way, ...moved, ...others].join('\n');
}
