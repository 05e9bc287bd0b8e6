import { RapidaApiError } from './api-error.js';
import { type DroppedSound, messagesOf, openSoundLine, type Sound } from './call-sound.js';
import type { Http } from './http.js';
import { inPath, type RequestOptions } from './pages.js';
import { type Call, FINAL_STATES } from './schemas.js';

/** What is heard of a live call, first `started`, last `ended`. `sound` has the caller left and the assistant right. */
export type HeardOfCall =
  | {
      readonly type: 'started';
      readonly callId: string;
      readonly rateHz: number;
      readonly frameMs: number;
      readonly channels: readonly string[];
    }
  | Sound
  | DroppedSound
  | {
      readonly type: 'ended';
      /** After `lost` one can listen again. */
      readonly reason: 'call_ended' | 'node_gone' | 'lost' | 'too_slow' | 'closed' | (string & {});
    };

/** See `Calls.listen`. */
export async function* listenTo(
  http: Http,
  id: string,
  { signal }: RequestOptions,
): AsyncGenerator<HeardOfCall, void, undefined> {
  const line = { http, path: `/v1/calls/${inPath(id)}/listen`, channels: 2, signal };
  const opened = await openSoundLine(line).catch((error: unknown) => refused(http, id, error));
  yield* messagesOf<HeardOfCall>(opened, line);
}

/** A WebSocket does not say why it was refused: the call does. */
async function refused(http: Http, id: string, error: unknown): Promise<never> {
  if (!(error instanceof RapidaApiError) || error.code !== 'unreachable') throw error;
  const { state } = await http.json<Call>('GET', `/v1/calls/${inPath(id)}`);
  if (FINAL_STATES.includes(state)) throw http.failure(409, 'call_ended', `call ${id} has ended`);
  if (state !== 'connected') throw http.failure(409, 'call_not_live', `nobody speaks in call ${id} yet`);
  throw error;
}
