import { type CallState, FINAL_STATES } from '@rapida/core';
import type { ApiClient } from '../api-client.js';
import { type Looking, lookUntil } from '../look-until.js';
import type { CallJson } from './call-json.js';

export interface Follower extends Looking {
  readonly onState: (call: CallJson) => void;
}

/** Tells each change of state until the call has ended; undefined where the signal came first. */
export function followCall(
  api: Pick<ApiClient, 'get'>,
  id: string,
  { onState, ...looking }: Follower,
): Promise<CallJson | undefined> {
  let shown: CallState | undefined;
  return lookUntil(async () => {
    const call = await api.get<CallJson>(`/v1/calls/${encodeURIComponent(id)}`);
    if (call.state !== shown) onState(call);
    shown = call.state;
    return FINAL_STATES.includes(call.state) ? call : undefined;
  }, looking);
}
