import { Command } from 'commander';
import { apiFor, type ClientOptions, withClientOptions } from './client-options.js';

/** `rapida password`: how people get into the dashboard. */
export function passwordCommand(print: (text: string) => void): Command {
  const group = new Command('password').description('the password of the dashboard');
  withClientOptions(group.command('link'))
    .description('print a link under which the password can be set anew, once and within an hour')
    .action(async (options: ClientOptions) => {
      const api = apiFor(options);
      const { token, expiresAt } = await api.password.setUpToken();
      // After the #: no browser sends it to anybody, so that no log has it.
      const link = `${api.url}/setup#${token}`;
      if (options.json) return print(JSON.stringify({ link, expiresAt }));
      print(link);
      print(`  It works once, until ${expiresAt}. Until then the password stays what it is.`);
    });
  return group;
}
