import { FINAL_STATES } from '@rapida/core';
import type { ApiClient } from '../api-client.js';
import type { Turn } from '../call/run-call.js';
import { type Looking, lookUntil } from '../look-until.js';
import type { CallEventJson, CallJson, MetricJson } from './call-json.js';

/** Something of a call that was not told before. */
export type News =
  | { readonly call: CallJson }
  | { readonly event: CallEventJson }
  | { readonly turn: Turn }
  | { readonly metrics: readonly MetricJson[] };

interface List<T> {
  readonly data: readonly T[];
}

/**
 * Tells a call as it is first seen, its events and turns as they appear, and when it has ended the call again and its
 * metrics. False where the signal came first.
 */
export async function watchCall(
  api: Pick<ApiClient, 'get'>,
  id: string,
  looking: Looking,
  onNews: (news: News) => void,
): Promise<boolean> {
  const path = `/v1/calls/${encodeURIComponent(id)}`;
  const told = { looks: 0, events: 0, turns: 0 };
  let endedBefore = false;
  const ended = await lookUntil(async () => {
    const call = await api.get<CallJson>(path);
    const [events, turns] = await Promise.all([
      api.get<List<CallEventJson>>(`${path}/events`),
      api.get<List<Turn>>(`${path}/transcript`),
    ]);
    if (told.looks++ === 0) onNews({ call });
    const fresh = { events: events.data.slice(told.events), turns: turns.data.slice(told.turns) };
    for (const news of inOrder(call, fresh.events, fresh.turns)) onNews(news);
    told.events = events.data.length;
    told.turns = turns.data.length;
    const over = FINAL_STATES.includes(call.state);
    // The last event and the metrics are written after the state: whoever sees the end come looks once more.
    const settled = over && (endedBefore || told.looks === 1);
    endedBefore = over;
    if (!settled) return undefined;
    const { data: metrics } = await api.get<List<MetricJson>>(`${path}/metrics`);
    return { call, metrics };
  }, looking);
  if (ended === undefined) return false;
  onNews({ call: ended.call });
  onNews({ metrics: ended.metrics });
  return true;
}

/** A turn is known when it ends; its times count from the moment media connected. */
function inOrder({ connectedAt }: CallJson, events: readonly CallEventJson[], turns: readonly Turn[]): News[] {
  const connectedMs = Date.parse(connectedAt ?? '') || 0;
  const timed = [
    ...events.map((event) => ({ atMs: Date.parse(event.at) || 0, news: { event } })),
    ...turns.map((turn) => ({ atMs: connectedMs + turn.endMs, news: { turn } })),
  ];
  return timed.sort((one, other) => one.atMs - other.atMs).map(({ news }) => news);
}
