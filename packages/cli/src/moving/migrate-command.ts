import type { MigrateResult } from '@rapida/server';
import { Command } from 'commander';
import type { Terminal } from '../terminal.js';

const HELP = `
A server does the same when it starts, and of many that start together one does it. This is for who wants it done before:
stop a server on the embedded database first; nodes on PostgreSQL may go on.

Examples:
  $ rapida migrate                 the database that the settings name: DATABASE_URL, else the one in DATA_DIR
  $ rapida migrate --check         changes nothing; ends with 1 where there is something to do`;

/** `rapida migrate`: the schema of the database this host is configured for. */
export function migrateCommand({ print }: Pick<Terminal, 'print'>): Command {
  return new Command('migrate')
    .description('bring the schema of the database up to date')
    .option('--check', 'only say what there is to do; ends with 1 where there is something')
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action(async ({ check, json }: { readonly check?: true; readonly json?: true }) => {
      const { createLogger, loadConfig, migrateDatabase } = await import('@rapida/server');
      const result = await migrateDatabase(loadConfig(), createLogger('silent', 'none'), check ? 'look' : 'migrate');
      const { database, before, applied } = result;
      const pending = check ? before.pending : [];
      print(json ? JSON.stringify({ database, before: before.applied, applied, pending }) : textOf(result, pending));
      if (pending.length > 0) process.exitCode = 1;
    });
}

function textOf({ database, before, applied }: MigrateResult, pending: readonly string[]): string {
  const last = (names: readonly string[]) => names.at(-1) ?? 'nothing';
  if (applied.length > 0) return [`${database}: migrated`, ...applied.map((name) => `  ${name}`)].join('\n');
  if (pending.length > 0)
    return [`${database}: has ${last(before.applied)}, to do:`, ...pending.map((name) => `  ${name}`)].join('\n');
  return `${database}: up to date (${last(before.applied)})`;
}
