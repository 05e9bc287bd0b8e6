import type { Assistant, Rapida } from '@rapida/client';
import { Command } from 'commander';
import { allOf } from '../all-of.js';
import { apiFor, type ClientOptions, withClientOptions } from '../client-options.js';
import {
  type AssistantFile,
  completed,
  completedOrFail,
  configurationOf,
  readAssistantFile,
} from './assistant-file.js';
import { changeLines, diffConfigs } from './config-diff.js';

interface ApplyOptions extends ClientOptions {
  readonly file: string;
  readonly dryRun?: true;
  /** False with --no-publish. */
  readonly publish: boolean;
}

interface Applied {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly live: boolean;
  /** False: the file says what there is already, and no version was made. */
  readonly changed: boolean;
}

const HELP = `
What is saved is a new version, which never changes; it is live for calls from now on. A file that says what there is
already makes none.

Examples:
  $ rapida assistants apply -f front-desk.yaml
  $ rapida assistants apply -f front-desk.yaml --dry-run        what would change; nothing is saved
  $ rapida assistants apply -f front-desk.yaml --no-publish     save it, try it with a call of its own version:
  $ rapida assistants publish "Front desk" 8                    then make it live`;

/** `rapida assistants apply`. */
export function applyCommand(print: (text: string) => void): Command {
  return withClientOptions(new Command('apply'))
    .requiredOption('-f, --file <file.yaml>', 'the configuration; an assistant of this name is changed, else made')
    .option('--dry-run', 'only say what would change (what only the engines know is not checked)')
    .option('--no-publish', 'save the version, and leave the one live that is')
    .description('make an assistant, or change the one of the same name')
    .addHelpText('after', HELP)
    .action(async (options: ApplyOptions) => {
      const api = apiFor(options);
      const file = await readAssistantFile(options.file);
      const existing = await assistantNamed(api, file.name);
      if (options.dryRun) return print(rehearsed(file, existing, options));
      const applied = await apply(api, file, existing, options.publish);
      print(options.json ? JSON.stringify(applied) : line(applied));
    });
}

export async function assistantNamed(api: Rapida, name: string): Promise<Assistant | undefined> {
  return (await allOf(api.assistants.each())).find((one) => one.name === name);
}

function rehearsed(file: AssistantFile, existing: Assistant | undefined, { json }: ClientOptions): string {
  const changes = diffConfigs(existing && configurationOf(existing), completedOrFail(file));
  if (json) return JSON.stringify(existing === undefined ? { new: true } : changes);
  if (existing === undefined) return `"${file.name}" is new`;
  return changes.length === 0 ? 'unchanged' : changeLines(changes).join('\n');
}

async function apply(
  api: Rapida,
  file: AssistantFile,
  existing: Assistant | undefined,
  publish: boolean,
): Promise<Applied> {
  const { config: body, name } = file;
  if (existing === undefined) {
    if (!publish)
      throw new Error(`there is no assistant "${name}" yet: its first version is live, leave out --no-publish`);
    const { id, version } = await api.assistants.create(body);
    return { id, name, version, live: true, changed: true };
  }
  const { id } = existing;
  const newest = publish ? existing : await newestVersion(api, id);
  const config = completed(file);
  if (config !== undefined && diffConfigs(configurationOf(newest), config).length === 0) {
    return { id, name, version: newest.version, live: newest.version === existing.version, changed: false };
  }
  const saved = publish ? await api.assistants.save(id, body) : await api.assistants.addVersion(id, body);
  return { id, name, version: saved.version, live: publish, changed: true };
}

async function newestVersion(api: Rapida, id: string): Promise<Assistant> {
  const [newest] = (await api.assistants.versions(id, { limit: 1 })).data;
  return newest === undefined ? api.assistants.get(id) : api.assistants.getVersion(id, newest.version);
}

function line({ id, name, version, live, changed }: Applied): string {
  const said = `${id}  v${version}  ${name}`;
  if (!changed) return `${said}  unchanged`;
  return live ? said : `${said}  not live: rapida assistants publish ${id} ${version}`;
}
