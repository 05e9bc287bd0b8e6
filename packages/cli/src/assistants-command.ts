import { readFile } from 'node:fs/promises';
import type { Assistant, AssistantInput } from '@rapida/client';
import { Command } from 'commander';
import { parse, stringify } from 'yaml';
import { allOf } from './all-of.js';
import { apiFor, type ClientOptions, findAssistantId, withClientOptions } from './client-options.js';
import { deployCommand } from './deploy-command.js';

/** `rapida assistants`: what they are, as files. */
export function assistantsCommand(print: (text: string) => void): Command {
  const group = new Command('assistants').description('list, show, change, export and deploy assistants');
  withClientOptions(group.command('list'))
    .description('all assistants of the project')
    .action(async (options: ClientOptions) => {
      const data = await allOf(apiFor(options).assistants.each());
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

async function fetchAssistant(wanted: string | undefined, options: ClientOptions): Promise<Assistant> {
  const api = apiFor(options);
  return api.assistants.get(await findAssistantId(api, wanted));
}

/** Without what the server adds: that is not for a file under version control. */
function configurationOf(assistant: Assistant): object {
  const added = ['id', 'version', 'createdAt', 'updatedAt', 'phoneDeployment'];
  return Object.fromEntries(Object.entries(assistant).filter(([name]) => !added.includes(name)));
}

async function apply(file: string, options: ClientOptions): Promise<Assistant> {
  const api = apiFor(options);
  const config = parse(await readFile(file, 'utf8')) as Partial<AssistantInput> | null;
  if (typeof config?.name !== 'string') throw new Error(`${file}: an assistant needs a name`);
  const { name } = config;
  const existing = (await allOf(api.assistants.each())).find((one) => one.name === name);
  const body = { ...config, name };
  return existing === undefined ? api.assistants.create(body) : api.assistants.save(existing.id, body);
}
