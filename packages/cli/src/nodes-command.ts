import type { Node } from '@rapida/client';
import { Command } from 'commander';
import { apiFor, type ClientOptions, withClientOptions } from './client-options.js';

/** `rapida nodes`: the processes of the installation, and how each is. */
export function nodesCommand(print: (text: string) => void): Command {
  return withClientOptions(new Command('nodes'))
    .description('the servers of this installation, and how each is')
    .action(async (options: ClientOptions) => {
      const { data } = await apiFor(options).nodes.list();
      if (options.json) return print(JSON.stringify(data));
      for (const node of data) print(lineOf(node));
    });
}

function lineOf({ id, state, host, calls, version, loopDelayMs, lateFrames, startedAt }: Node): string {
  const delay = `event loop ${loopDelayMs.toFixed(1)} ms  ${lateFrames} late frames`;
  return `${id}  ${state}  ${host}  ${calls} ${calls === 1 ? 'call' : 'calls'}  ${delay}  ${version}  since ${startedAt}`;
}
