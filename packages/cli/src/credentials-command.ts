import type { Credential, CredentialCheck, Rapida } from '@rapida/client';
import { CALLS_PER_SECOND_DEFAULT, CALLS_PER_SECOND_MAX, type CredentialProvider } from '@rapida/core';
import { Command } from 'commander';
import { allOf } from './all-of.js';
import { apiFor, type ClientOptions, findCredentialId, withClientOptions } from './client-options.js';
import { namesValue, providerOption, type ValueOptions, valueFrom, withValueOptions } from './credential-value.js';
import { failureText } from './failure-text.js';
import type { Terminal } from './terminal.js';
import { wholeNumber } from './whole-number.js';

interface CreateOptions extends ClientOptions, ValueOptions {
  readonly provider: CredentialProvider;
  readonly callsPerSecond?: number;
}

interface UpdateOptions extends ClientOptions, ValueOptions {
  readonly name?: string;
  readonly callsPerSecond?: number;
}

const CREATE_HELP = `
The password is never an argument, where every user of the machine could read it: it is asked for, or read from a file.

Examples:
  $ rapida credentials create my-pbx --ari-url http://127.0.0.1:8088 --ari-user rapida --trunk mytrunk
  $ rapida credentials create my-pbx --ari-url http://127.0.0.1:8088 --ari-user rapida --ari-password-file ./ari.secret
  $ pass show pbx/ari | rapida credentials create my-pbx --ari-url http://10.0.0.5:8088 --ari-user rapida --ari-password-file -
  $ rapida credentials create local-llm --provider openai-compatible --base-url http://127.0.0.1:11434/v1

Afterwards: rapida assistants deploy --credential my-pbx, and then rapida calls create --to +15551234567`;

const UPDATE_HELP = `
What is not named stays. Values never leave the server, so a value is replaced as a whole: who changes the password gives
the address, the user and the trunk again.

Examples:
  $ rapida credentials update my-pbx --calls-per-second 10
  $ rapida credentials update my-pbx --ari-url http://127.0.0.1:8088 --ari-user rapida --ari-password-file ./new.secret`;

/** `rapida credentials`: what opens the door to Asterisk and to providers. */
export function credentialsCommand(terminal: Terminal): Command {
  const group = new Command('credentials').description('keep what opens Asterisk and providers, sealed in the server');
  const { print } = terminal;
  addCreate(group, terminal);
  addUpdate(group, terminal);
  withClientOptions(group.command('list'))
    .description('all credentials: names of their fields, never a value')
    .action(async (options: ClientOptions) => {
      const found = await allOf(apiFor(options).credentials.each());
      if (options.json) return print(JSON.stringify(found));
      for (const one of found) print(lineOf(one));
    });
  withClientOptions(group.command('test'))
    .argument('<credential>', 'id or name')
    .description('ask the other side whether it opens; ends with 1 where it does not')
    .action(async (wanted: string, options: ClientOptions) => {
      const api = apiFor(options);
      const check = await api.credentials.test(await findCredentialId(api, wanted));
      if (options.json) print(JSON.stringify(check));
      else if (check.ok) print(checkLine(check));
      if (!check.ok) throw new Error(checkLine(check));
    });
  withClientOptions(group.command('delete'))
    .argument('<credential>', 'id or name')
    .description('remove one that no assistant uses')
    .action(async (wanted: string, options: ClientOptions) => {
      const api = apiFor(options);
      const id = await findCredentialId(api, wanted);
      await api.credentials.remove(id);
      print(options.json ? JSON.stringify({ id, deleted: true }) : `${id}  deleted`);
    });
  addReencrypt(group, print);
  return group;
}

function addCreate(group: Command, terminal: Terminal): void {
  withRate(withValueOptions(withClientOptions(group.command('create'))))
    .argument('<name>', 'to call it by')
    .addOption(providerOption())
    .description('keep a new one, and test it')
    .addHelpText('after', CREATE_HELP)
    .action(async (name: string, options: CreateOptions) => {
      const { provider, callsPerSecond } = options;
      const api = apiFor(options);
      const value = await valueFrom(provider, options, [], terminal);
      const body = { name, provider, value, ...(callsPerSecond !== undefined && { callsPerSecond }) };
      const made = await api.credentials.create(body);
      await showTested(api, made, options, terminal);
    });
}

function addUpdate(group: Command, terminal: Terminal): void {
  withRate(withValueOptions(withClientOptions(group.command('update'))))
    .argument('<credential>', 'id or name')
    .option('--name <name>', 'to call it by from now on')
    .description('change the name, the rate or the value')
    .addHelpText('after', UPDATE_HELP)
    .action(async (wanted: string, options: UpdateOptions) => {
      const api = apiFor(options);
      const id = await findCredentialId(api, wanted);
      const before = await api.credentials.get(id);
      const { provider, fields } = before;
      const { name = before.name, callsPerSecond = before.callsPerSecond } = options;
      const value = namesValue(options) ? await valueFrom(provider, options, fields, terminal) : undefined;
      const body = { name, provider, callsPerSecond, ...(value !== undefined && { value }) };
      const saved = await api.credentials.save(id, body);
      await showTested(api, saved, options, terminal);
    });
}

function addReencrypt(group: Command, print: Terminal['print']): void {
  withClientOptions(group.command('reencrypt'))
    .description('seal every credential with the first key of VAULT__KEY, so that older keys can be taken away')
    .action(async (options: ClientOptions) => {
      const done = await apiFor(options).credentials.reencrypt();
      const { reencrypted, current, unreadable } = done;
      print(
        options.json
          ? JSON.stringify(done)
          : `${reencrypted} sealed anew, ${current} were already, ${unreadable} cannot be read`,
      );
      if (unreadable > 0) {
        throw new Error(
          'credentials that cannot be read: add the key they were sealed with to VAULT__KEY, or save them anew',
        );
      }
    });
}

function withRate(command: Command): Command {
  const range = `1 to ${CALLS_PER_SECOND_MAX}, default ${CALLS_PER_SECOND_DEFAULT}`;
  return command.option('--calls-per-second <n>', `calls that Asterisk is asked to begin (${range})`, wholeNumber);
}

/** It is kept whatever the test says: the other side may come later. A test that could not be made is no failure either. */
async function showTested(api: Rapida, kept: Credential, options: ClientOptions, terminal: Terminal): Promise<void> {
  if (!options.json) terminal.print(lineOf(kept));
  const check = await api.credentials.test(kept.id).catch((error: unknown) => {
    return { ok: false, code: null, message: failureText(error) };
  });
  if (options.json) return terminal.print(JSON.stringify({ ...kept, test: check }));
  const again = check.ok ? '' : ` - it is kept; when that is mended: rapida credentials test ${kept.id}`;
  terminal.print(`${checkLine(check)}${again}`);
}

function checkLine({ ok, code, message }: Pick<CredentialCheck, 'ok' | 'code' | 'message'>): string {
  return `test ${ok ? 'passed' : 'failed'}: ${message}${code === null ? '' : ` (${code})`}`;
}

function lineOf({ id, name, provider, fields, callsPerSecond, lastUsedAt }: Credential): string {
  const rate = provider === 'asterisk' ? `  ${callsPerSecond}/s` : '';
  return `${id}  ${name}  ${provider}  ${fields.join(',')}${rate}  last used ${lastUsedAt ?? 'never'}`;
}
