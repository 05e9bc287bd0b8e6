import { parseArgs } from 'node:util';

export interface Options {
  readonly only: RegExp;
  readonly root: string;
  readonly report: string;
  readonly mode: 'run' | 'list' | 'help';
}

const DEFAULT_ROOT = '/var/cache/rapida-asterisk/sid';

export const HELP = `Calls a real Asterisk 22 with a telephone of our own, and a server of ours behind it.

  npm run test:asterisk -- [options]

  --only PATTERN   only the cases whose name matches this regular expression
  --list           print the names of the cases
  --root DIR       the folder with Asterisk; made there when it is missing (default ${DEFAULT_ROOT})
  --report DIR     where the report is left (default interop-report in the folder of the compiled suite)
  --help           this text

Cases with three nodes start a PostgreSQL and a Redis of their own, which are installed first where they are missing.
Needs root on Debian (mmdebstrap, chroot), or Docker: docker compose -f compose.asterisk.yaml run --rm interop
Ends with 1 when a case fails.`;

export function readOptions(args: readonly string[], defaultReport: string): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: '' },
      list: { type: 'boolean', default: false },
      root: { type: 'string', default: DEFAULT_ROOT },
      report: { type: 'string', default: defaultReport },
      help: { type: 'boolean', default: false },
    },
  });
  const mode = values.help ? 'help' : values.list ? 'list' : 'run';
  return { only: new RegExp(values.only, 'i'), root: values.root, report: values.report, mode };
}
