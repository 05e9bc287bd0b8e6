import type { Call, CallState, Rapida } from '@rapida/client';
import { useQuery } from '@tanstack/react-query';
import { CALLS } from './calls.js';
import { useServer } from './server.js';

/** As many as the server gives at once. */
const PAGE_CALLS = 200;
/** Of the newest that have not ended: a list of many thousands that are to be placed is read in part. */
export const NEWEST_MAX = 1_000;
/** Those of a line: however many wait, they are not missed. Of each state {@link PAGE_CALLS}. */
const ON_A_LINE: readonly CallState[] = ['dialing', 'ringing', 'answered', 'registered', 'connected'];

export interface LiveCalls {
  /** Those of a line before those that wait, each newest first. */
  readonly calls: readonly Call[];
  /** Whether more wait than are read. */
  readonly isCut: boolean;
}

/** Calls that have not ended; the live feed has it read anew, and the clock where there is no feed (0: never). */
export function useLiveCalls(refetchMs: number) {
  const { rapida } = useServer();
  return useQuery({
    queryKey: [...CALLS, 'live'],
    queryFn: ({ signal }) => readLiveCalls(rapida.calls, signal),
    refetchInterval: refetchMs === 0 ? false : refetchMs,
  });
}

export async function readLiveCalls(calls: Pick<Rapida['calls'], 'list'>, signal: AbortSignal): Promise<LiveCalls> {
  const newest: Call[] = [];
  let cursor: string | null = null;
  do {
    const filter = { live: 'true' as const, limit: PAGE_CALLS, ...(cursor !== null && { cursor }) };
    const page = await calls.list(filter, { signal });
    newest.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null && newest.length < NEWEST_MAX);
  const isCut = cursor !== null;
  const older = isCut ? await onALine(calls, signal) : [];
  const all = new Map([...newest, ...older].map((call) => [call.id, call]));
  return { calls: [...all.values()].sort(byLineAndAge), isCut };
}

async function onALine(calls: Pick<Rapida['calls'], 'list'>, signal: AbortSignal): Promise<readonly Call[]> {
  const pages = await Promise.all(ON_A_LINE.map((state) => calls.list({ state, limit: PAGE_CALLS }, { signal })));
  return pages.flatMap(({ data }) => data);
}

function byLineAndAge(one: Call, other: Call): number {
  const waits = ({ state }: Call) => Number(state === 'queued');
  return waits(one) - waits(other) || other.createdAt.localeCompare(one.createdAt);
}
