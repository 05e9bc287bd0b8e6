import type { NewCall } from '@rapida/client';
import { callerIdSchema } from '@rapida/core';

/** What holds for every call of a command. */
export interface OrderOptions {
  readonly from?: string;
  readonly metadata?: readonly string[];
  readonly arg?: readonly string[];
  readonly notBefore?: string;
  readonly ringSeconds?: number;
  readonly attempts?: number;
  readonly retryAfterSeconds?: number;
}

export interface Order extends NewCall {
  readonly metadata: Texts;
  readonly args: Texts;
}

export type Texts = Readonly<Record<string, string>>;

export interface OrderBase {
  readonly assistantId: string;
  readonly from: string;
  readonly metadata: Texts;
  readonly args: Texts;
  readonly options: Pick<NewCall, 'notBefore' | 'ringSeconds' | 'attempts' | 'retryAfterSeconds'>;
}

/** The server's limits, so that a file is refused before any of it is sent. */
const ENTRIES_MAX = 50;
const ENTRIES_BYTES_MAX = 8_192;

/** What the options say, checked; fails naming the option. */
export function orderBase(assistantId: string, given: OrderOptions): OrderBase {
  const { from = '', notBefore, ringSeconds, attempts, retryAfterSeconds } = given;
  const problem = from === '' ? undefined : callerIdProblem(from);
  if (problem !== undefined) throw new Error(`--from ${problem}`);
  const moment = momentOf(notBefore);
  const metadata = textsOf('--metadata', given.metadata);
  const args = textsOf('--arg', given.arg);
  for (const [flag, texts] of [
    ['--metadata', metadata],
    ['--arg', args],
  ] as const) {
    const large = textsProblem(texts);
    if (large !== undefined) throw new Error(`${flag}: ${large}`);
  }
  const options = {
    ...(moment !== undefined && { notBefore: moment }),
    ...(ringSeconds !== undefined && { ringSeconds }),
    ...(attempts !== undefined && { attempts }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
  return { assistantId, from, metadata, args, options };
}

export function orderFrom(
  { assistantId, from, metadata, args, options }: OrderBase,
  row: { readonly to: string; readonly from?: string; readonly metadata?: Texts },
): Order {
  const callerId = row.from || from;
  return {
    assistantId,
    to: row.to,
    ...(callerId !== '' && { from: callerId }),
    metadata: { ...metadata, ...row.metadata },
    args,
    ...options,
  };
}

export function numberProblem(number: string): string | undefined {
  if (/^\+?[0-9*#]{1,32}$/.test(number)) return undefined;
  return `"${number}" is no number: accepted are digits, * and #, with a + in front where it is international`;
}

export function callerIdProblem(text: string): string | undefined {
  if (callerIdSchema.safeParse(text).success) return undefined;
  return `"${text}" is no caller id: accepted is a number (digits, + * #), or Name <number>`;
}

export function textsProblem(texts: Texts): string | undefined {
  const entries = Object.entries(texts);
  if (entries.length > ENTRIES_MAX) return `more than ${ENTRIES_MAX} entries`;
  const bytes = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  return bytes > ENTRIES_BYTES_MAX ? `larger than ${ENTRIES_BYTES_MAX} bytes` : undefined;
}

function textsOf(flag: string, pairs: readonly string[] = []): Texts {
  return Object.fromEntries(
    pairs.map((pair) => {
      const split = pair.indexOf('=');
      if (split < 1) throw new Error(`${flag} ${pair}: accepted is name=value`);
      return [pair.slice(0, split), pair.slice(split + 1)];
    }),
  );
}

const MOMENT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})$/;

/** With its zone: without one it would be the server's, which is seldom the caller's. */
function momentOf(text: string | undefined): string | undefined {
  if (text === undefined || (MOMENT.test(text) && !Number.isNaN(Date.parse(text)))) return text;
  throw new Error(`--not-before ${text}: accepted is ISO 8601 with its zone, as in 2030-01-31T09:00:00+01:00`);
}
