import { Command } from 'commander';
import { printCall } from './call/print-call.js';
import type { Turn } from './call/run-call.js';
import { apiFor, type ClientOptions, withClientOptions } from './client-options.js';

interface CallJson {
  readonly id: string;
  readonly state: string;
  readonly from: string;
  readonly createdAt: string;
  readonly reason: string | null;
}

/** `rapida calls`: what happened. */
export function callsCommand(print: (text: string) => void): Command {
  const group = new Command('calls').description('list calls, and show what was said in one');
  withClientOptions(group.command('list'))
    .option('--limit <n>', 'how many', '20')
    .description('the newest calls')
    .action(async (options: ClientOptions & { readonly limit: string }) => {
      const path = `/v1/calls?limit=${encodeURIComponent(options.limit)}`;
      const { data } = await apiFor(options).get<{ data: CallJson[] }>(path);
      if (options.json) return print(JSON.stringify(data));
      for (const call of data)
        print(`${call.id}  ${call.createdAt}  ${call.state.padEnd(10)}  ${call.from}  ${call.reason ?? ''}`);
    });
  withClientOptions(group.command('show'))
    .argument('<id>', 'the call')
    .description('one call with its transcript and metrics')
    .action(async (id: string, options: ClientOptions) => {
      const api = apiFor(options);
      const call = await api.get<CallJson>(`/v1/calls/${encodeURIComponent(id)}`);
      const { data: transcript } = await api.get<{ data: Turn[] }>(`/v1/calls/${call.id}/transcript`);
      const { data: metrics } = await api.get<{ data: { name: string; value: unknown }[] }>(
        `/v1/calls/${call.id}/metrics`,
      );
      if (options.json) return print(JSON.stringify({ ...call, transcript, metrics }));
      print(`${call.id}  ${call.createdAt}  ${call.state}  ${call.from}  ${call.reason ?? ''}`);
      const show = printCall(print);
      for (const turn of transcript) show({ type: 'turn', turn });
      for (const { name, value } of metrics) print(`  ${name} = ${String(value)}`);
    });
  return group;
}
