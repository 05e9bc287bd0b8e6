import type { CallEvent, Calls } from '@rapida/client';
import { Command } from 'commander';
import { printCall } from './call/print-call.js';
import { apiFor, type ClientOptions, withClientOptions } from './client-options.js';
import { untilInterrupted } from './look-until.js';
import { callLine } from './outbound/call-line.js';
import { explainEnding } from './outbound/endings.js';
import { stateLine } from './outbound/state-line.js';
import { type News, watchCall } from './outbound/watch-call.js';
import type { Terminal } from './terminal.js';

const HELP = `
Examples:
  $ rapida calls show 7421                     what happened, what was said, how fast
  $ rapida calls show 7421 --follow            the same as it happens; Ctrl-C leaves the call alone

With --json it is one object. With --follow --json it is a line for each thing that happens: {"event": ...}, {"turn": ...} and
{"live": ...} (words while they are spoken), a {"call": ...} before and after them, and {"metrics": [...]} at the end.`;

interface ShowOptions extends ClientOptions {
  readonly follow?: true;
}

/** `rapida calls show`: one call, afterwards or as it happens. */
export function showCommand({ print, note }: Terminal): Command {
  return withClientOptions(new Command('show'))
    .argument('<id>', 'the call')
    .option('--follow', 'print events and what is said as they come, until the call has ended')
    .description('one call with its events, transcript and metrics')
    .addHelpText('after', HELP)
    .action(async (id: string, options: ShowOptions) => {
      const { calls } = apiFor(options);
      if (!options.follow) return show(calls, id, options, print);
      const onNews = options.json ? (news: News) => print(JSON.stringify(news)) : newsPrinter(print);
      const ended = await untilInterrupted((signal) => watchCall(calls, id, signal, onNews));
      if (!ended) note(`the call goes on: rapida calls show ${id}, or rapida calls hangup ${id}`);
    });
}

async function show(calls: Calls, id: string, options: ClientOptions, print: Terminal['print']): Promise<void> {
  const call = await calls.get(id);
  const [events, transcript, metrics] = await Promise.all([
    calls.events(call.id),
    calls.transcript(call.id),
    calls.metrics(call.id),
  ]);
  if (options.json) return print(JSON.stringify({ ...call, events, transcript, metrics }));
  print(callLine(call));
  const { attempt, attemptsMax } = call.outbound ?? {};
  if (attempt !== undefined) print(`  dialled ${attempt} of at most ${attemptsMax ?? attempt} times`);
  const explained = explainEnding(call);
  if (explained !== '') print(`  ${explained}`);
  const printNews = newsPrinter(print);
  for (const event of events) printNews({ event });
  for (const turn of transcript) printNews({ turn });
  printNews({ metrics });
}

/** A call that comes a second time has ended: only its state is new then. */
function newsPrinter(print: Terminal['print']): (news: News) => void {
  const printTurn = printCall(print);
  let callLineOf = callLine;
  return (news) => {
    if ('event' in news) return print(eventLine(news.event));
    if ('turn' in news) return printTurn({ type: 'turn', turn: news.turn });
    if ('live' in news) {
      const line = wordsLine(news.live);
      return line === undefined ? undefined : print(line);
    }
    if ('metrics' in news) {
      for (const { name, value } of news.metrics) print(`  ${name} = ${String(value)}`);
      return;
    }
    print(callLineOf(news.call));
    callLineOf = stateLine;
  };
}

/** What is being said, before it is known what was heard of it. */
function wordsLine({ type, data }: Extract<News, { live: unknown }>['live']): string | undefined {
  if (type === 'caller.partial') return `  (caller: ${data.text} ...)`;
  if (type === 'assistant.saying') return `  (assistant begins: ${data.text})`;
  return type === 'assistant.interrupted' ? '  (the assistant was interrupted)' : undefined;
}

function eventLine({ type, at, data }: CallEvent): string {
  const details = Object.entries(data).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `  ${at}  ${type.padEnd(15)}  ${details.join(' ')}`.trimEnd();
}
