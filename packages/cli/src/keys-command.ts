import type { ApiKey } from '@rapida/client';
import { KEY_SCOPES, type KeyScope } from '@rapida/core';
import { Command } from 'commander';
import { apiFor, type ClientOptions, withClientOptions } from './client-options.js';

const HELP = `
Scopes:
  inbound   register calls that come in: all that a dialplan needs
  calls     place calls, read and steer them
  admin     everything, keys and credentials as well

Example:
  $ rapida keys create crm --scopes calls                a key for a program that places calls`;

/** `rapida keys`: who may use the server. */
export function keysCommand(print: (text: string) => void): Command {
  const group = new Command('keys').description('create, list and revoke API keys');
  withClientOptions(group.command('create'))
    .argument('<name>', 'whose key it is')
    .requiredOption('--scopes <list>', `what it may do, separated by commas: ${KEY_SCOPES.join(', ')}`)
    .description('make a key; it is shown once')
    .addHelpText('after', HELP)
    .action(async (name: string, options: ClientOptions & { readonly scopes: string }) => {
      const made = await apiFor(options).keys.create({ name, scopes: scopesOf(options.scopes) });
      if (options.json) return print(JSON.stringify(made));
      print(made.key);
      print(`  ${lineOf(made)}`);
      print('  The key is shown this once and never again: keep it now.');
    });
  withClientOptions(group.command('list'))
    .description('all keys, by their first characters')
    .action(async (options: ClientOptions) => {
      const { data } = await apiFor(options).keys.list();
      if (options.json) return print(JSON.stringify(data));
      for (const key of data) print(lineOf(key));
    });
  withClientOptions(group.command('revoke'))
    .argument('<id>', 'as `rapida keys list` shows it')
    .description('make a key useless, at once')
    .action(async (id: string, options: ClientOptions) => {
      await apiFor(options).keys.revoke(id);
      print(options.json ? JSON.stringify({ id, revoked: true }) : `${id}  revoked`);
    });
  return group;
}

function scopesOf(list: string): KeyScope[] {
  return list.split(',').map((name) => {
    const scope = KEY_SCOPES.find((one) => one === name.trim());
    if (scope !== undefined) return scope;
    throw new Error(`--scopes: there is no scope "${name.trim()}"; accepted are ${KEY_SCOPES.join(', ')}`);
  });
}

function lineOf({ id, name, scopes, prefix, createdAt, revokedAt }: ApiKey): string {
  const end = revokedAt === null ? '' : `  revoked ${revokedAt}`;
  return `${id}  ${prefix}...  ${name}  ${scopes.join(',')}  ${createdAt}${end}`;
}
