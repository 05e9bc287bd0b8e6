import type { Assistant } from '@rapida/client';
import { Command } from 'commander';
import { allOf } from './all-of.js';
import { applyCommand } from './assistants/apply-command.js';
import { configurationOf, toYaml } from './assistants/assistant-file.js';
import { atVersion, diffCommand } from './assistants/diff-command.js';
import { publishCommand, versionsCommand } from './assistants/versions-commands.js';
import { apiFor, type ClientOptions, findAssistantId, withClientOptions } from './client-options.js';
import { deployCommand } from './deploy-command.js';

interface ExportOptions extends ClientOptions {
  readonly version?: string;
}

const HELP = `
Examples:
  $ rapida assistants export "Front desk" > front-desk.yaml     its configuration, which editors complete
  $ rapida assistants diff -f front-desk.yaml                   what applying it would change
  $ rapida assistants apply -f front-desk.yaml                  a new version, live at once
  $ rapida assistants versions "Front desk"
  $ rapida assistants publish "Front desk" 6                    roll back to version 6`;

const EXPORT_HELP = `
Examples:
  $ rapida assistants export "Front desk" > front-desk.yaml
  $ rapida assistants export "Front desk" --version 6`;

/** `rapida assistants`: what they are, as files. */
export function assistantsCommand(
  print: (text: string) => void,
  onDifference = (): void => {
    process.exitCode = 1;
  },
): Command {
  const group = new Command('assistants')
    .description('list, show, change, export, publish and deploy assistants')
    .addHelpText('after', HELP);
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
    .option('--version <n>', 'as it was saved then (default: the one that is live)')
    .description('its configuration as YAML, ready for `apply`')
    .addHelpText('after', EXPORT_HELP)
    .action(async (wanted: string | undefined, options: ExportOptions) => {
      const config = configurationOf(await fetchAssistant(wanted, options));
      print(options.json ? JSON.stringify(config, null, 2) : toYaml(config, apiFor(options).url));
    });
  group.addCommand(applyCommand(print));
  group.addCommand(diffCommand(print, onDifference));
  group.addCommand(versionsCommand(print));
  group.addCommand(publishCommand(print));
  group.addCommand(deployCommand(print));
  return group;
}

async function fetchAssistant(wanted: string | undefined, options: ExportOptions): Promise<Assistant> {
  const api = apiFor(options);
  return atVersion(api, await findAssistantId(api, wanted), options.version);
}
