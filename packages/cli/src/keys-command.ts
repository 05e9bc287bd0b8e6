import { KEY_SCOPES } from '@rapida/core';
import { Command } from 'commander';
import { apiFor, type ClientOptions, withClientOptions } from './client-options.js';

interface KeyJson {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly prefix: string;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

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
      const body = { name, scopes: scopesOf(options.scopes) };
      const made = await apiFor(options).send<KeyJson & { readonly key: string }>('POST', '/v1/api-keys', { body });
      if (options.json) return print(JSON.stringify(made));
      print(made.key);
      print(`  ${lineOf(made)}`);
      print('  The key is shown this once and never again: keep it now.');
    });
  withClientOptions(group.command('list'))
    .description('all keys, by their first characters')
    .action(async (options: ClientOptions) => {
      const { data } = await apiFor(options).get<{ data: KeyJson[] }>('/v1/api-keys');
      if (options.json) return print(JSON.stringify(data));
      for (const key of data) print(lineOf(key));
    });
  withClientOptions(group.command('revoke'))
    .argument('<id>', 'as `rapida keys list` shows it')
    .description('make a key useless, at once')
    .action(async (id: string, options: ClientOptions) => {
      await apiFor(options).send('DELETE', `/v1/api-keys/${encodeURIComponent(id)}`);
      print(options.json ? JSON.stringify({ id, revoked: true }) : `${id}  revoked`);
    });
  return group;
}

function scopesOf(list: string): string[] {
  const scopes = list.split(',').map((scope) => scope.trim());
  const strange = scopes.find((scope) => !(KEY_SCOPES as readonly string[]).includes(scope));
  if (strange === undefined) return scopes;
  throw new Error(`--scopes: there is no scope "${strange}"; accepted are ${KEY_SCOPES.join(', ')}`);
}

function lineOf({ id, name, scopes, prefix, createdAt, revokedAt }: KeyJson): string {
  const end = revokedAt === null ? '' : `  revoked ${revokedAt}`;
  return `${id}  ${prefix}...  ${name}  ${scopes.join(',')}  ${createdAt}${end}`;
}
