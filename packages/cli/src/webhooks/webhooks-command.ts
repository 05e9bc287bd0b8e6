import { CALL_EVENTS, type Clock, systemClock } from '@rapida/core';
import { Command, InvalidArgumentError } from 'commander';
import type { ApiClient } from '../api-client.js';
import { apiFor, type ClientOptions, findAssistantId, withClientOptions } from '../client-options.js';
import type { Terminal } from '../terminal.js';
import { addDeliveryCommands } from './deliveries-command.js';

interface WebhookJson {
  readonly id: string;
  readonly url: string;
  /** Null: of all assistants. */
  readonly assistantId: string | null;
  /** Empty: all. */
  readonly events: readonly string[];
  readonly enabled: boolean;
}

interface Secret {
  readonly secret: string;
}

interface ChosenOptions extends ClientOptions {
  readonly assistant?: string;
  readonly event?: readonly string[];
}

interface UpdateOptions extends ChosenOptions {
  readonly to?: string;
  readonly enable?: true;
  readonly disable?: true;
}

const CREATE_HELP = `
Events: ${CALL_EVENTS.join(', ')}

Each delivery is signed as Standard Webhooks (standardwebhooks.com) has it: the receiver checks it with the secret, which
is shown once.

Examples:
  $ rapida webhooks create https://crm.example.com/rapida
  $ rapida webhooks create https://crm.example.com/rapida --assistant "Front desk" --event call.ended --event call.failed

Afterwards: rapida webhooks test <id> --wait`;

const UPDATE_HELP = `
What is not named stays; an empty text ("") means all.

Examples:
  $ rapida webhooks update 12 --to https://crm.example.com/v2/rapida
  $ rapida webhooks update 12 --event call.ended --event call.failed
  $ rapida webhooks update 12 --event "" --assistant ""        all events of all assistants
  $ rapida webhooks update 12 --disable                        events of this time are not told later`;

const ID_HELP = 'as `rapida webhooks list` shows it';

/** `rapida webhooks`: who is told of what happens in calls. */
export function webhooksCommand(terminal: Terminal, clock: Clock = systemClock): Command {
  const group = new Command('webhooks').description(
    'tell other programs what happens in calls, and see what they took',
  );
  const { print } = terminal;
  withClientOptions(group.command('list'))
    .description('all webhooks, without their secrets')
    .action(async (options: ClientOptions) => {
      const found = await apiFor(options).all<WebhookJson>('/v1/webhooks');
      if (options.json) return print(JSON.stringify(found));
      for (const one of found) print(lineOf(one));
    });
  addCreate(group, print);
  addUpdate(group, print);
  withClientOptions(group.command('delete'))
    .argument('<id>', ID_HELP)
    .description('remove one, with its deliveries')
    .action(async (id: string, options: ClientOptions) => {
      await apiFor(options).send('DELETE', pathOf(id));
      print(options.json ? JSON.stringify({ id, deleted: true }) : `${id}  deleted`);
    });
  withClientOptions(group.command('rotate-secret'))
    .argument('<id>', ID_HELP)
    .description('make a new secret, which all deliveries are signed with from now on; it is shown once')
    .action(async (id: string, options: ClientOptions) => {
      const { secret } = await apiFor(options).send<Secret>('POST', `${pathOf(id)}/secret`);
      if (options.json) return print(JSON.stringify({ id, secret }));
      showSecret(secret, `${id}  the former secret signs nothing any more`, print);
    });
  addDeliveryCommands(group, terminal, clock);
  return group;
}

function addCreate(group: Command, print: Terminal['print']): void {
  withChoice(withClientOptions(group.command('create')))
    .argument('<address>', 'http or https: where events are sent to')
    .description('tell an address of events from now on; its secret is shown once')
    .addHelpText('after', CREATE_HELP)
    .action(async (address: string, options: ChosenOptions) => {
      const api = apiFor(options);
      const body = { url: addressOf(address, '<address>'), ...(await choiceOf(api, options)) };
      const made = await api.send<WebhookJson & Secret>('POST', '/v1/webhooks', { body });
      if (options.json) return print(JSON.stringify(made));
      showSecret(made.secret, lineOf(made), print);
    });
}

function addUpdate(group: Command, print: Terminal['print']): void {
  withChoice(withClientOptions(group.command('update')))
    .argument('<id>', ID_HELP)
    .option('--to <address>', 'where events are sent to from now on')
    .option('--enable', 'events are sent')
    .option('--disable', 'events are not sent')
    .description('change what is named')
    .addHelpText('after', UPDATE_HELP)
    .action(async (id: string, options: UpdateOptions) => {
      const { to, enable, disable, assistant, event } = options;
      if (enable && disable) throw new Error('--enable or --disable, not both');
      if ([to, enable, disable, assistant, event].every((one) => one === undefined)) {
        throw new Error('what shall change? --to, --assistant, --event, --enable or --disable');
      }
      const url = to === undefined ? undefined : addressOf(to, '--to');
      const api = apiFor(options);
      const { url: urlBefore, assistantId, events, enabled } = await api.get<WebhookJson>(pathOf(id));
      const before = { url: urlBefore, assistantId, events, enabled };
      const body = {
        ...before,
        ...(url !== undefined && { url }),
        ...(await choiceOf(api, options)),
        ...((enable || disable) && { enabled: enable === true }),
      };
      const saved = await api.send<WebhookJson>('PUT', pathOf(id), { body });
      print(options.json ? JSON.stringify(saved) : lineOf(saved));
    });
}

function withChoice(command: Command): Command {
  return command
    .option('--assistant <id or name>', 'only calls of this assistant (default: of all)')
    .option('--event <name>', 'only events of this name (repeatable; default: all)', withEvent);
}

function withEvent(name: string, before: readonly string[] = []): readonly string[] {
  if (name === '') return before;
  if ((CALL_EVENTS as readonly string[]).includes(name)) return [...before, name];
  throw new InvalidArgumentError(`There is no event of this name; there are: ${CALL_EVENTS.join(', ')}.`);
}

/** What the options name of assistant and events. */
async function choiceOf(
  api: ApiClient,
  { assistant, event: events }: ChosenOptions,
): Promise<Partial<Pick<WebhookJson, 'assistantId' | 'events'>>> {
  return {
    ...(assistant !== undefined && { assistantId: assistant === '' ? null : await findAssistantId(api, assistant) }),
    ...(events !== undefined && { events }),
  };
}

function addressOf(text: string, given: string): string {
  const protocol = URL.canParse(text) ? new URL(text).protocol : undefined;
  if (protocol === 'http:' || protocol === 'https:') return text;
  throw new Error(`${given} "${text}" is no address: accepted is http(s)://host/path`);
}

function pathOf(id: string): string {
  return `/v1/webhooks/${encodeURIComponent(id)}`;
}

function showSecret(secret: string, about: string, print: Terminal['print']): void {
  print(secret);
  print(`  ${about}`);
  print('  The secret is shown this once and never again: give it to the receiver now.');
}

function lineOf({ id, url, assistantId, events, enabled }: WebhookJson): string {
  const whose = assistantId === null ? 'all assistants' : `assistant ${assistantId}`;
  return `${id}  ${url}  ${whose}  ${events.join(',') || 'all events'}  ${enabled ? 'enabled' : 'disabled'}`;
}
