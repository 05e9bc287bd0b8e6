import { randomUUID } from 'node:crypto';
import type { Call, Calls, Rapida } from '@rapida/client';
import type { Clock } from '@rapida/core';
import { Command } from 'commander';
import { apiFor, type ClientOptions, findAssistantId, withClientOptions } from '../client-options.js';
import { failureText, isUnanswered } from '../failure-text.js';
import { untilInterrupted } from '../look-until.js';
import type { Terminal } from '../terminal.js';
import { wholeNumber } from '../whole-number.js';
import { readCsv } from './csv.js';
import { ordersFromCsv } from './csv-orders.js';
import { numberProblem, type OrderBase, type OrderOptions, orderBase, orderFrom } from './order.js';
import { placeMany } from './place-many.js';
import { stateLine } from './state-line.js';

interface CreateOptions extends ClientOptions, OrderOptions {
  readonly to?: string;
  readonly csv?: string;
  readonly assistant?: string;
  readonly idempotencyKey?: string;
  readonly follow?: true;
}

const HELP = `
The assistant needs a credential for your Asterisk first:
  $ rapida credentials create my-pbx --ari-url http://127.0.0.1:8088 --ari-user rapida
  $ rapida assistants deploy --credential my-pbx

Examples:
  $ rapida calls create --to +15551234567 --follow
  $ rapida calls create --to +15551234567 --assistant "Front desk" --metadata order=1234 --arg name=Ann
  $ rapida calls create --to 6001 --attempts 3 --retry-after-seconds 600       again where it is busy, or nobody answers
  $ rapida calls create --csv people.csv --not-before 2030-01-31T09:00:00+01:00

The header of a CSV file names its columns: to, from where it differs, and any other becomes metadata of that call:
  to,from,name
  +15551234567,,Ann
All lines are checked before the first call is placed. A command that broke off is repeated with its --idempotency-key:
what was placed the first time is not placed again.`;

/** `rapida calls create`: telephones somebody, or everybody of a list. */
export function createCommand(terminal: Terminal, clock: Clock): Command {
  return withClientOptions(new Command('create'))
    .description('place a call, or many')
    .option('--to <number>', 'whom to call, as the trunk wants it dialled')
    .option('--csv <file>', 'instead: a list of whom to call, at most 10 MB')
    .option('--from <number>', "caller id: a number, or Name <number> (default: the deployment's phone)")
    .option('--assistant <id or name>', 'who speaks (default: the newest assistant)')
    .option('--metadata <name=value...>', 'kept with the call')
    .option('--arg <name=value...>', "for the assistant's sentences")
    .option('--not-before <moment>', 'ISO 8601 with its zone; at most 90 days ahead')
    .option('--ring-seconds <n>', "how long it may ring, 5 to 300 (default: the deployment's)", wholeNumber)
    .option('--attempts <n>', 'how often it is dialled in all where it is busy or not answered, 1 to 10', wholeNumber)
    .option('--retry-after-seconds <n>', 'time between attempts', wholeNumber)
    .option('--idempotency-key <key>', 'repeated with the same key, it is placed once only (default: a random one)')
    .option('--follow', 'show what becomes of it until it has ended; Ctrl-C leaves the call alone')
    .addHelpText('after', HELP)
    .action(async (options: CreateOptions) => {
      const { to, csv } = options;
      if ((to === undefined) === (csv === undefined)) throw new Error('whom to call? --to <number>, or --csv <file>');
      if (to !== undefined) return createOne(to, options, terminal, clock);
      if (options.follow)
        throw new Error('--follow is for one call; afterwards: rapida calls list --direction outbound');
      return createMany(csv ?? '', options, terminal);
    });
}

async function createOne(to: string, options: CreateOptions, terminal: Terminal, clock: Clock): Promise<void> {
  const problem = numberProblem(to);
  if (problem !== undefined) throw new Error(`--to ${problem}`);
  const key = idempotencyKeyOf(options);
  const api = apiFor(options, clock);
  const order = orderFrom(await baseFor(api, options), { to });
  const placed = await api.calls.create(order, { idempotencyKey: key }).catch((error: unknown) => {
    throw isUnanswered(error) ? inDoubt(error, key) : error;
  });
  terminal.print(options.json ? JSON.stringify(placed) : `${placed.id}  ${placed.status}`);
  if (options.follow) await showProgress(api.calls, placed.id, options, terminal);
}

/** What the server takes, with room for the number of a part. */
const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,190}$/;

function idempotencyKeyOf({ idempotencyKey = randomUUID() }: CreateOptions): string {
  if (IDEMPOTENCY_KEY.test(idempotencyKey)) return idempotencyKey;
  throw new Error('--idempotency-key: accepted are 1 to 190 printable ASCII characters');
}

function inDoubt(error: unknown, key: string): Error {
  const advice = `it is not known whether the call was taken; repeat with --idempotency-key ${key} to place it once only`;
  return new Error(`${failureText(error)}; ${advice}`, { cause: error });
}

async function createMany(file: string, options: CreateOptions, { print, note }: Terminal): Promise<void> {
  const key = idempotencyKeyOf(options);
  const api = apiFor(options);
  const records = await readCsv(file);
  const orders = ordersFromCsv(file, records, await baseFor(api, options));
  const { placed, refused, error } = await placeMany(api.calls, orders, key, (count) =>
    note(`${count} of ${orders.length} calls taken`),
  );
  if (options.json) print(JSON.stringify([...placed, ...refused]));
  else for (const { id, to, status } of placed) print(`${id}  ${to}  ${status}`);
  if (error === undefined) return;
  const rest = `from line ${refused[0]?.line ?? 1} of ${file} on, ${refused.length} calls are not confirmed`;
  throw new Error(
    `${rest}: ${error}; repeat the command with --idempotency-key ${key}: the ${placed.length} taken are not placed again`,
  );
}

/** All that can be wrong with the options is found before the server is asked for the assistant. */
async function baseFor(api: Rapida, options: CreateOptions): Promise<OrderBase> {
  const base = orderBase('', options);
  return { ...base, assistantId: await findAssistantId(api, options.assistant) };
}

async function showProgress(
  calls: Calls,
  id: string,
  { json }: ClientOptions,
  { print, note }: Terminal,
): Promise<void> {
  const onState = (call: Call) => print(json ? JSON.stringify(call) : stateLine(call));
  const ended = await untilInterrupted((signal) => followCall(calls, id, signal, onState));
  if (ended === undefined) return note(`the call goes on: rapida calls show ${id}, or rapida calls hangup ${id}`);
  if (ended.state !== 'completed') throw new Error(`call ${id} was not completed: ${ended.reason ?? ended.state}`);
}

/** Tells each change of state until the call has ended; undefined where the signal came first. */
async function followCall(
  calls: Calls,
  id: string,
  signal: AbortSignal,
  onState: (call: Call) => void,
): Promise<Call | undefined> {
  let last: Call | undefined;
  try {
    for await (const call of calls.follow(id, { signal })) {
      onState(call);
      last = call;
    }
    return last;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
