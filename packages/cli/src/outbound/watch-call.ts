import {
  type Call,
  type CallEvent,
  type CallMetric,
  type Calls,
  FINAL_STATES,
  type TranscriptTurn,
} from '@rapida/client';
import { type Looking, lookUntil } from '../look-until.js';

/** Something of a call that was not told before. */
export type News =
  | { readonly call: Call }
  | { readonly event: CallEvent }
  | { readonly turn: TranscriptTurn }
  | { readonly metrics: readonly CallMetric[] };

/** What is asked of the server. */
export type WatchedCalls = Pick<Calls, 'get' | 'events' | 'transcript' | 'metrics'>;

/**
 * Tells a call as it is first seen, its events and turns as they appear, and when it has ended the call again and its
 * metrics. False where the signal came first.
 */
export async function watchCall(
  calls: WatchedCalls,
  id: string,
  looking: Looking,
  onNews: (news: News) => void,
): Promise<boolean> {
  const told = { looks: 0, events: 0, turns: 0 };
  let endedBefore = false;
  const ended = await lookUntil(async () => {
    const call = await calls.get(id);
    const [events, turns] = await Promise.all([calls.events(id), calls.transcript(id)]);
    if (told.looks++ === 0) onNews({ call });
    const fresh = { events: events.slice(told.events), turns: turns.slice(told.turns) };
    for (const news of inOrder(call, fresh.events, fresh.turns)) onNews(news);
    told.events = events.length;
    told.turns = turns.length;
    const over = FINAL_STATES.includes(call.state);
    // The last event and the metrics are written after the state: whoever sees the end come looks once more.
    const settled = over && (endedBefore || told.looks === 1);
    endedBefore = over;
    if (!settled) return undefined;
    return { call, metrics: await calls.metrics(id) };
  }, looking);
  if (ended === undefined) return false;
  onNews({ call: ended.call });
  onNews({ metrics: ended.metrics });
  return true;
}

/** A turn is known when it ends; its times count from the moment media connected. */
function inOrder({ connectedAt }: Call, events: readonly CallEvent[], turns: readonly TranscriptTurn[]): News[] {
  const connectedMs = Date.parse(connectedAt ?? '') || 0;
  const timed = [
    ...events.map((event) => ({ atMs: Date.parse(event.at) || 0, news: { event } })),
    ...turns.map((turn) => ({ atMs: connectedMs + turn.endMs, news: { turn } })),
  ];
  return timed.sort((one, other) => one.atMs - other.atMs).map(({ news }) => news);
}
