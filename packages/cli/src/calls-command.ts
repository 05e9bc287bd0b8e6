import { CALL_STATES, type Clock, systemClock } from '@rapida/core';
import { Command, Option } from 'commander';
import { printCall } from './call/print-call.js';
import type { Turn } from './call/run-call.js';
import { apiFor, type ClientOptions, findAssistantId, withClientOptions } from './client-options.js';
import { type CallEventJson, type CallJson, partiesOf } from './outbound/call-json.js';
import { createCommand } from './outbound/create-command.js';
import { explainEnding } from './outbound/endings.js';
import type { Terminal } from './terminal.js';

interface ListOptions extends ClientOptions {
  readonly limit: string;
  readonly state?: string;
  readonly direction?: string;
  readonly assistant?: string;
}

/** `rapida calls`: what happened, and what shall happen. */
export function callsCommand(terminal: Terminal, clock: Clock = systemClock): Command {
  const group = new Command('calls').description('place calls, list them, and show what was said in one');
  const { print } = terminal;
  addList(group, print);
  withClientOptions(group.command('show'))
    .argument('<id>', 'the call')
    .description('one call with its events, transcript and metrics')
    .action(async (id: string, options: ClientOptions) => show(id, options, print));
  group.addCommand(createCommand(terminal, clock));
  withClientOptions(group.command('hangup'))
    .argument('<id>', 'the call')
    .description('end a call after what is being said; one that waits or is being dialled is cancelled')
    .action(async (id: string, options: ClientOptions) => {
      const api = apiFor(options);
      const path = `/v1/calls/${encodeURIComponent(id)}`;
      await api.send('POST', `${path}/hangup`);
      const call = await api.get<CallJson>(path);
      print(options.json ? JSON.stringify(call) : `${call.id}  hung up; it is ${call.state} now`);
    });
  return group;
}

function addList(group: Command, print: Terminal['print']): void {
  withClientOptions(group.command('list'))
    .option('--limit <n>', 'how many', '20')
    .addOption(new Option('--state <state>', 'only those in this state').choices(CALL_STATES))
    .addOption(new Option('--direction <direction>', 'only those').choices(['inbound', 'outbound']))
    .option('--assistant <id or name>', 'only those of this assistant')
    .description('the newest calls')
    .addHelpText(
      'after',
      '\nExample:\n  $ rapida calls list --direction outbound --state no_answer      whom nobody answered for',
    )
    .action(async (options: ListOptions) => {
      const api = apiFor(options);
      const { limit, state, direction, assistant } = options;
      const assistantId = assistant === undefined ? undefined : await findAssistantId(api, assistant);
      const query = Object.entries({ limit, state, direction, assistantId }).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
      );
      const { data } = await api.get<{ data: CallJson[] }>(`/v1/calls?${query.join('&')}`);
      if (options.json) return print(JSON.stringify(data));
      for (const call of data) print(lineOf(call));
    });
}

async function show(id: string, options: ClientOptions, print: Terminal['print']): Promise<void> {
  const api = apiFor(options);
  const call = await api.get<CallJson>(`/v1/calls/${encodeURIComponent(id)}`);
  const [events, transcript, metrics] = await Promise.all([
    api.get<{ data: CallEventJson[] }>(`/v1/calls/${call.id}/events`),
    api.get<{ data: Turn[] }>(`/v1/calls/${call.id}/transcript`),
    api.get<{ data: { name: string; value: unknown }[] }>(`/v1/calls/${call.id}/metrics`),
  ]);
  if (options.json) {
    const lists = { events: events.data, transcript: transcript.data, metrics: metrics.data };
    return print(JSON.stringify({ ...call, ...lists }));
  }
  print(lineOf(call));
  const { attempt, attemptsMax } = call.outbound ?? {};
  if (attempt !== undefined) print(`  dialled ${attempt} of at most ${attemptsMax ?? attempt} times`);
  const explained = explainEnding(call);
  if (explained !== '') print(`  ${explained}`);
  for (const event of events.data) print(eventLine(event));
  const showTurn = printCall(print);
  for (const turn of transcript.data) showTurn({ type: 'turn', turn });
  for (const { name, value } of metrics.data) print(`  ${name} = ${String(value)}`);
}

function lineOf(call: CallJson): string {
  return `${call.id}  ${call.createdAt}  ${call.state.padEnd(10)}  ${partiesOf(call)}  ${call.reason ?? ''}`;
}

function eventLine({ type, at, data }: CallEventJson): string {
  const details = Object.entries(data).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `  ${at}  ${type.padEnd(15)}  ${details.join(' ')}`.trimEnd();
}
