import { type CallState, type Clock, FINAL_STATES, sleep } from '@rapida/core';
import { type ApiClient, ApiFailure } from '../api-client.js';
import type { CallJson } from './call-json.js';

export const FOLLOW_EVERY_MS = 500;
/** A server that restarts is away for a while; the call is looked for again that often. */
export const FOLLOW_MISSES_MAX = 20;

export interface Follower {
  readonly clock: Clock;
  /** Looking away: the call goes on. */
  readonly signal: AbortSignal;
  readonly onState: (call: CallJson) => void;
}

/** Tells each change of state until the call has ended; undefined where the signal came first. */
export async function followCall(
  api: Pick<ApiClient, 'get'>,
  id: string,
  { clock, signal, onState }: Follower,
): Promise<CallJson | undefined> {
  let shown: CallState | undefined;
  let misses = 0;
  while (!signal.aborted) {
    const call = await api.get<CallJson>(`/v1/calls/${encodeURIComponent(id)}`).catch((error: unknown) => {
      const away = error instanceof ApiFailure && error.code === 'unreachable';
      if (!away || ++misses > FOLLOW_MISSES_MAX) throw error;
      return undefined;
    });
    if (call !== undefined) {
      misses = 0;
      if (call.state !== shown) onState(call);
      shown = call.state;
      if (FINAL_STATES.includes(call.state)) return call;
    }
    await sleep(clock, FOLLOW_EVERY_MS, signal);
  }
  return undefined;
}
