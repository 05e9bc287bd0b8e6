import type { Assistant, Rapida } from '@rapida/client';
import { Command } from 'commander';
import { apiFor, type ClientOptions, findAssistantId, withClientOptions } from '../client-options.js';
import { assistantNamed } from './apply-command.js';
import { completedOrFail, configurationOf, readAssistantFile } from './assistant-file.js';
import { changeLines, diffConfigs, type FieldChange } from './config-diff.js';

interface DiffOptions extends ClientOptions {
  readonly file?: string;
}

const HELP = `
Ends with 1 where there is a difference. A line for each field: ~ changed, + only afterwards, - only before.

Examples:
  $ rapida assistants diff -f front-desk.yaml          what applying the file would change
  $ rapida assistants diff "Front desk" 6 8            what version 8 has otherwise than version 6
  $ rapida assistants diff "Front desk" 6              what is live otherwise than version 6
  $ rapida assistants diff -f front-desk.yaml --json   [{"path": ..., "before": ..., "after": ...}]`;

/** `rapida assistants diff`. `onDifference` is called where there is one. */
export function diffCommand(print: (text: string) => void, onDifference: () => void): Command {
  return withClientOptions(new Command('diff'))
    .argument('[assistant]', 'id or name, to compare two of its versions')
    .argument('[before]', 'a version')
    .argument('[after]', 'a version (default: the one that is live)')
    .option('-f, --file <file.yaml>', 'compare what is live with this file')
    .description('what applying a file would change, or what changed between two versions')
    .addHelpText('after', HELP)
    .action(
      async (
        wanted: string | undefined,
        before: string | undefined,
        after: string | undefined,
        options: DiffOptions,
      ) => {
        const changes = await differences(wanted, before, after, options);
        if (changes.length > 0) onDifference();
        if (options.json) return print(JSON.stringify(changes));
        print(changes.length === 0 ? 'no difference' : changeLines(changes).join('\n'));
      },
    );
}

async function differences(
  wanted: string | undefined,
  before: string | undefined,
  after: string | undefined,
  options: DiffOptions,
): Promise<readonly FieldChange[]> {
  const api = apiFor(options);
  if (options.file !== undefined) {
    if (wanted !== undefined) throw new Error('a file, or an assistant and its versions, not both');
    const file = await readAssistantFile(options.file);
    const config = completedOrFail(file);
    const existing = await assistantNamed(api, file.name);
    return diffConfigs(existing === undefined ? {} : configurationOf(existing), config);
  }
  if (wanted === undefined || before === undefined) {
    throw new Error('name a file (-f), or an assistant and a version: rapida assistants diff "Front desk" 6 8');
  }
  const id = await findAssistantId(api, wanted);
  const [old, fresh] = [await atVersion(api, id, before), await atVersion(api, id, after)];
  return diffConfigs(configurationOf(old), configurationOf(fresh));
}

/** Undefined: the one that is live. */
export async function atVersion(api: Rapida, id: string, version: string | undefined): Promise<Assistant> {
  return version === undefined ? api.assistants.get(id) : api.assistants.getVersion(id, versionNumber(version));
}

export function versionNumber(text: string): number {
  if (!/^[1-9][0-9]{0,9}$/.test(text)) throw new Error(`${text} is no version: accepted is a number`);
  return Number(text);
}
