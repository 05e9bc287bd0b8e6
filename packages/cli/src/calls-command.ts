import { CALL_STATES, type CallState, type Clock, systemClock } from '@rapida/core';
import { Command, Option } from 'commander';
import { apiFor, type ClientOptions, findAssistantId, withClientOptions } from './client-options.js';
import { callLine } from './outbound/call-line.js';
import { createCommand } from './outbound/create-command.js';
import { showCommand } from './show-command.js';
import type { Terminal } from './terminal.js';

interface ListOptions extends ClientOptions {
  readonly limit: string;
  readonly state?: CallState;
  readonly direction?: 'inbound' | 'outbound';
  readonly assistant?: string;
}

/** `rapida calls`: what happened, and what shall happen. */
export function callsCommand(terminal: Terminal, clock: Clock = systemClock): Command {
  const group = new Command('calls').description('place calls, list them, and show what was said in one');
  const { print } = terminal;
  addList(group, print);
  group.addCommand(showCommand(terminal));
  group.addCommand(createCommand(terminal, clock));
  withClientOptions(group.command('hangup'))
    .argument('<id>', 'the call')
    .description('end a call after what is being said; one that waits or is being dialled is cancelled')
    .action(async (id: string, options: ClientOptions) => {
      const api = apiFor(options);
      await api.calls.hangup(id);
      const call = await api.calls.get(id);
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
      const { data } = await api.calls.list({
        limit: Number(limit),
        ...(state !== undefined && { state }),
        ...(direction !== undefined && { direction }),
        ...(assistantId !== undefined && { assistantId }),
      });
      if (options.json) return print(JSON.stringify(data));
      for (const call of data) print(callLine(call));
    });
}
