import { Command } from 'commander';
import { allOf } from '../all-of.js';
import { apiFor, type ClientOptions, findAssistantId, withClientOptions } from '../client-options.js';
import { versionNumber } from './diff-command.js';

const PUBLISH_HELP = `
It is checked again before. Calls that go on, and calls that wait in the queue, keep the version they have.

Examples:
  $ rapida assistants versions "Front desk"          what there is
  $ rapida assistants publish "Front desk" 6         version 6 is live again: the roll-back`;

/** `rapida assistants versions`. */
export function versionsCommand(print: (text: string) => void): Command {
  return withClientOptions(new Command('versions'))
    .argument('[assistant]', 'id or name (default: the newest)')
    .description('what was saved of it, newest first, and which one is live')
    .action(async (wanted: string | undefined, options: ClientOptions) => {
      const api = apiFor(options);
      const id = await findAssistantId(api, wanted);
      const data = await allOf(api.assistants.eachVersion(id));
      if (options.json) return print(JSON.stringify(data));
      for (const { version, savedAt, name, live } of data) {
        print(`v${String(version).padEnd(4)}  ${savedAt}  ${live ? 'live' : '    '}  ${name}`);
      }
    });
}

/** `rapida assistants publish`. */
export function publishCommand(print: (text: string) => void): Command {
  return withClientOptions(new Command('publish'))
    .argument('<assistant>', 'id or name')
    .argument('<version>', 'its number; an older one rolls back')
    .description('make a version live, for calls from now on')
    .addHelpText('after', PUBLISH_HELP)
    .action(async (wanted: string, version: string, options: ClientOptions) => {
      const api = apiFor(options);
      const published = await api.assistants.publish(await findAssistantId(api, wanted), versionNumber(version));
      print(
        options.json ? JSON.stringify(published) : `${published.id}  v${published.version}  ${published.name}  live`,
      );
    });
}
