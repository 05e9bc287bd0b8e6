import type { CallEventType, Rapida, Webhook, WebhookInput } from '@rapida/client';
import { CALL_EVENTS, type Clock, systemClock } from '@rapida/core';
import { Command, InvalidArgumentError } from 'commander';
import { allOf } from '../all-of.js';
import { apiFor, type ClientOptions, findAssistantId, withClientOptions } from '../client-options.js';
import type { Terminal } from '../terminal.js';
import { addDeliveryCommands } from './deliveries-command.js';

interface ChosenOptions extends ClientOptions {
  readonly assistant?: string;
  readonly event?: readonly CallEventType[];
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
      const found = await allOf(apiFor(options).webhooks.each());
      if (options.json) return print(JSON.stringify(found));
      for (const one of found) print(lineOf(one));
    });
  addCreate(group, print);
  addUpdate(group, print);
  withClientOptions(group.command('delete'))
    .argument('<id>', ID_HELP)
    .description('remove one, with its deliveries')
    .action(async (id: string, options: ClientOptions) => {
      await apiFor(options).webhooks.remove(id);
      print(options.json ? JSON.stringify({ id, deleted: true }) : `${id}  deleted`);
    });
  withClientOptions(group.command('rotate-secret'))
    .argument('<id>', ID_HELP)
    .description('make a new secret, which all deliveries are signed with from now on; it is shown once')
    .action(async (id: string, options: ClientOptions) => {
      const { secret } = await apiFor(options).webhooks.rotateSecret(id);
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
      const made = await api.webhooks.create(body);
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
      const { url: urlBefore, assistantId, events, enabled } = await api.webhooks.get(id);
      // Names of a newer server are given back as they are.
      const before = { url: urlBefore, assistantId, events: events as CallEventType[], enabled };
      const body = {
        ...before,
        ...(url !== undefined && { url }),
        ...(await choiceOf(api, options)),
        ...((enable || disable) && { enabled: enable === true }),
      };
      const saved = await api.webhooks.save(id, body);
      print(options.json ? JSON.stringify(saved) : lineOf(saved));
    });
}

function withChoice(command: Command): Command {
  return command
    .option('--assistant <id or name>', 'only calls of this assistant (default: of all)')
    .option('--event <name>', 'only events of this name (repeatable; default: all)', withEvent);
}

function withEvent(name: string, before: readonly CallEventType[] = []): readonly CallEventType[] {
  if (name === '') return before;
  const event = CALL_EVENTS.find((one) => one === name);
  if (event !== undefined) return [...before, event];
  throw new InvalidArgumentError(`There is no event of this name; there are: ${CALL_EVENTS.join(', ')}.`);
}

/** What the options name of assistant and events. */
async function choiceOf(
  api: Rapida,
  { assistant, event: events }: ChosenOptions,
): Promise<Partial<Pick<WebhookInput, 'assistantId' | 'events'>>> {
  return {
    ...(assistant !== undefined && { assistantId: assistant === '' ? null : await findAssistantId(api, assistant) }),
    ...(events !== undefined && { events: [...events] }),
  };
}

function addressOf(text: string, given: string): string {
  const protocol = URL.canParse(text) ? new URL(text).protocol : undefined;
  if (protocol === 'http:' || protocol === 'https:') return text;
  throw new Error(`${given} "${text}" is no address: accepted is http(s)://host/path`);
}

function showSecret(secret: string, about: string, print: Terminal['print']): void {
  print(secret);
  print(`  ${about}`);
  print('  The secret is shown this once and never again: give it to the receiver now.');
}

function lineOf({ id, url, assistantId, events, enabled }: Webhook): string {
  const whose = assistantId === null ? 'all assistants' : `assistant ${assistantId}`;
  return `${id}  ${url}  ${whose}  ${events.join(',') || 'all events'}  ${enabled ? 'enabled' : 'disabled'}`;
}
