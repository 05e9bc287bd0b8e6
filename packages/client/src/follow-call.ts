import { RapidaApiError } from './api-error.js';
import { pause } from './clock.js';
import type { Http } from './http.js';
import { inPath, type RequestOptions } from './pages.js';
import { type Call, type CallState, FINAL_STATES } from './schemas.js';

export interface FollowOptions extends RequestOptions {
  /** Between two looks, ms; default 500, at least 50. */
  readonly pollMs?: number;
}

const POLL_MS_DEFAULT = 500;
const POLL_MS_MIN = 50;
/** Looks in a row that were not answered: a server that restarts is away for a while. */
export const MISSES_MAX = 20;

/** See `Calls.follow`. */
export async function* followCall(
  http: Http,
  id: string,
  { signal, pollMs = POLL_MS_DEFAULT }: FollowOptions,
): AsyncGenerator<Call, void, undefined> {
  let shown: CallState | undefined;
  for (let misses = 0; ; ) {
    let waitMs = Math.max(POLL_MS_MIN, pollMs);
    try {
      // Repeated here alone: two loops would multiply their pauses.
      const call = await http.json<Call>('GET', `/v1/calls/${inPath(id)}`, { repeat: 'never', signal });
      misses = 0;
      if (call.state !== shown) yield call;
      shown = call.state;
      if (FINAL_STATES.includes(call.state)) return;
    } catch (error) {
      if (!(error instanceof RapidaApiError) || !error.retryable || ++misses > MISSES_MAX) throw error;
      waitMs = Math.max(waitMs, error.retryAfterMs ?? 0);
    }
    await pause(http.clock, waitMs, signal);
  }
}
