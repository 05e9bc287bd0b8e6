import { parseArgs } from 'node:util';

export interface Wanted {
  /** `--option value`; without a name the value comes from the environment alone, as secrets should. */
  readonly option?: string;
  readonly variable?: string;
  /** Without one it is needed. */
  readonly standard?: string;
}

/** What the command line and the environment say. Ends the process with 0 after `--help`, and with 2 where something is missing. */
export function readArguments<K extends string>(usage: string, wanted: Record<K, Wanted>): Record<K, string> {
  const all = Object.entries(wanted) as [K, Wanted][];
  const options = Object.fromEntries(
    all.flatMap(([, { option }]) => (option === undefined ? [] : [[option, { type: 'string' as const }]])),
  );
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } }));
  } catch (error) {
    return end(2, `${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
  if (values.help) return end(0, usage);
  return Object.fromEntries(
    all.map(([name, { option, variable, standard }]) => {
      const given = option === undefined ? undefined : values[option];
      const value = given ?? (variable === undefined ? undefined : process.env[variable]) ?? standard;
      if (typeof value === 'string' && (value !== '' || standard === '')) return [name, value];
      const missing = [option && `--${option}`, variable].filter(Boolean).join(' or ');
      return end(2, `missing: ${missing}\n\n${usage}`);
    }),
  ) as Record<K, string>;
}

function end(code: 0 | 2, text: string): never {
  (code === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  process.exit(code);
}
