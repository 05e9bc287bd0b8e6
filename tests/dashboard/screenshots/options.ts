import { parseArgs } from 'node:util';

export interface Options {
  readonly only: RegExp;
  /** Undefined: where they belong in the repository. */
  readonly out: string | undefined;
  readonly mode: 'run' | 'list' | 'help';
}

export const HELP = `Takes a screenshot of every page of the dashboard, light and dark, wide and narrow.

  npm run screenshots -- [options]

  --out DIR        the folder for all of them (default: screenshots; those that docs/ shows go to docs/images/dashboard, too)
  --only PATTERN   only the files whose name matches this regular expression
  --list           print the names of the files
  --help           this text

Starts a server of its own on free ports, holds calls with it, and opens its pages in Chromium, which is installed where we are
root on Debian. Takes some minutes.`;

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: '' },
      out: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const mode = values.help ? 'help' : values.list ? 'list' : 'run';
  return { only: new RegExp(values.only, 'i'), out: values.out, mode };
}
