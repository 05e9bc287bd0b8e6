import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { parse, stringify } from 'yaml';
import { apiFor, type ClientOptions, findAssistantId, withClientOptions } from './client-options.js';
import { deployCommand } from './deploy-command.js';

interface AssistantJson {
  readonly id: string;
  readonly version: number;
  readonly name: string;
}

/** `rapida assistants`: what they are, as files. */
export function assistantsCommand(print: (text: string) => void): Command {
  const group = new Command('assistants').description('list, show, change, export and deploy assistants');
  withClientOptions(group.command('list'))
    .description('all assistants of the project')
    .action(async (options: ClientOptions) => {
      const data = await apiFor(options).all<AssistantJson>('/v1/assistants');
      if (options.json) return print(JSON.stringify(data));
      for (const { id, version, name } of data) print(`${id}  v${version}  ${name}`);
    });
  withClientOptions(group.command('get'))
    .argument('[assistant]', 'id or name (default: the newest)')
    .description('everything about one, as JSON')
    .action(async (wanted: string | undefined, options: ClientOptions) => {
      print(JSON.stringify(await fetchAssistant(wanted, options), null, 2));
    });
  withClientOptions(group.command('export'))
    .argument('[assistant]', 'id or name (default: the newest)')
    .description('its configuration as YAML, ready for `apply`')
    .action(async (wanted: string | undefined, options: ClientOptions) => {
      const config = configurationOf(await fetchAssistant(wanted, options));
      print(options.json ? JSON.stringify(config, null, 2) : stringify(config).trimEnd());
    });
  withClientOptions(group.command('apply'))
    .requiredOption('-f, --file <file.yaml>', 'the configuration; an assistant of this name is changed, else made')
    .description('make an assistant, or change the one of the same name')
    .action(async (options: ClientOptions & { readonly file: string }) => {
      const applied = await apply(options.file, options);
      print(options.json ? JSON.stringify(applied) : `${applied.id}  v${applied.version}  ${applied.name}`);
    });
  group.addCommand(deployCommand(print));
  return group;
}

async function fetchAssistant(wanted: string | undefined, options: ClientOptions): Promise<AssistantJson> {
  const api = apiFor(options);
  return api.get<AssistantJson>(`/v1/assistants/${await findAssistantId(api, wanted)}`);
}

/** Without what the server adds: that is not for a file under version control. */
function configurationOf(assistant: AssistantJson): object {
  const added = ['id', 'version', 'createdAt', 'updatedAt', 'phoneDeployment'];
  return Object.fromEntries(Object.entries(assistant).filter(([name]) => !added.includes(name)));
}

async function apply(file: string, options: ClientOptions): Promise<AssistantJson> {
  const api = apiFor(options);
  const config = parse(await readFile(file, 'utf8')) as { readonly name?: unknown } | null;
  if (typeof config?.name !== 'string') throw new Error(`${file}: an assistant needs a name`);
  const data = await api.all<AssistantJson>('/v1/assistants');
  const existing = data.find((one) => one.name === config.name);
  if (existing === undefined) return api.send('POST', '/v1/assistants', { body: config });
  return api.send('PUT', `/v1/assistants/${existing.id}`, { body: config });
}
