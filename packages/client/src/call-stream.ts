import { RapidaApiError } from './api-error.js';
import { pause } from './clock.js';
import type { Http } from './http.js';
import type { RequestOptions } from './pages.js';
import { chunksOf } from './read-body.js';
import { pauseMs } from './retry.js';
import { type CallEventType, FINAL_STATES } from './schemas.js';
import { type ServerSentEvent, SseParser, SseTooLong } from './sse-parser.js';

/** The server sends something every 15 s; a connection that is silent for this long is dead, whatever it says. */
export const SILENCE_MS_MAX = 45_000;
/** Connections in a row that brought nothing. With their pauses that is about five minutes. */
export const EMPTY_CONNECTIONS_MAX = 25;

export interface StreamFilter {
  /** Only this call: begins with what is on record of it, and ends with it. Without it: what happens from now on. */
  readonly callId?: string;
  /** Only calls of this assistant. */
  readonly assistantId?: string;
  /** The `id` of an event that was seen: what came after it is told, and nothing twice. */
  readonly lastEventId?: string;
}

/** Something that happened in a call, just now. */
export interface LiveEvent {
  /** Opaque; for `lastEventId`. */
  readonly id: string;
  readonly callId: string;
  readonly assistantId: string;
  /** Of a stored event: its number in the call, from 1. Null: it is told live only. */
  readonly seq: number | null;
  /** One of {@link CallEventType}, or one that this version does not know. */
  readonly type: CallEventType | (string & {});
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const PATH = '/v1/calls/stream';
/** A call's last events, as they are stored. */
const FINAL_EVENTS: readonly string[] = ['call.ended', 'call.failed'];

/** Events over one connection after the other; see `Calls.stream`. */
export async function* streamOf(
  http: Http,
  filter: StreamFilter,
  { signal }: RequestOptions,
): AsyncGenerator<LiveEvent, void, undefined> {
  const seen = { lastEventId: filter.lastEventId ?? '', isFinal: false, retryMs: undefined as number | undefined };
  for (let empty = 0; ; ) {
    let failure: RapidaApiError | undefined;
    let events = 0;
    try {
      for await (const event of connectionOf(http, filter, seen, signal)) {
        events++;
        yield event;
      }
    } catch (error) {
      if (!(error instanceof RapidaApiError) || !error.retryable) throw error;
      failure = error;
    }
    if (seen.isFinal) return;
    // It ended in order and brought nothing: of a call that is over there is nothing more.
    if (failure === undefined && events === 0 && (await isOver(http, filter.callId, signal))) return;
    empty = events > 0 ? 0 : empty + 1;
    const waitMs = pauseMs(Math.max(1, empty), failure?.retryAfterMs ?? seen.retryMs);
    if (empty >= EMPTY_CONNECTIONS_MAX || waitMs === undefined) throw failure ?? http.brokenOff(undefined);
    await pause(http.clock, waitMs, signal);
  }
}

interface Seen {
  lastEventId: string;
  /** The last event of the one call that is followed. */
  isFinal: boolean;
  retryMs: number | undefined;
}

async function* connectionOf(
  http: Http,
  { callId, assistantId }: StreamFilter,
  seen: Seen,
  signal: AbortSignal | undefined,
): AsyncGenerator<LiveEvent, void, undefined> {
  const headers = {
    accept: 'text/event-stream',
    ...(seen.lastEventId !== '' && { 'last-event-id': seen.lastEventId }),
  };
  const answer = await http.open('GET', PATH, { query: { callId, assistantId }, headers, repeat: 'never', signal });
  try {
    if (!(answer.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
      throw http.failure(200, 'answer_invalid', `${http.url} answered with something else than a stream of events`);
    }
    const parser = new SseParser(seen.lastEventId);
    const limit = { clock: http.clock, silenceMsMax: SILENCE_MS_MAX, onSilence: () => http.silent() };
    for await (const chunk of chunksOf(answer.body, limit)) {
      for (const one of parser.push(chunk)) {
        const event = readEvent(http, one);
        seen.lastEventId = one.lastEventId;
        seen.isFinal ||= callId !== undefined && event.callId === callId && FINAL_EVENTS.includes(event.type);
        yield event;
      }
      seen.retryMs = parser.retryMs;
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof RapidaApiError) throw error;
    if (error instanceof SseTooLong) throw http.failure(200, 'answer_invalid', 'an event of the stream is too long');
    throw http.brokenOff(error);
  } finally {
    answer.close();
  }
}

function readEvent(http: Http, { data, lastEventId }: ServerSentEvent): LiveEvent {
  let event: Partial<LiveEvent> | null = null;
  try {
    event = JSON.parse(data) as Partial<LiveEvent> | null;
  } catch {
    // Said below, without its text.
  }
  if (typeof event?.type !== 'string' || typeof event.callId !== 'string') {
    throw http.failure(200, 'answer_invalid', 'an event of the stream is none of a call');
  }
  return { ...(event as LiveEvent), id: lastEventId };
}

async function isOver(http: Http, callId: string | undefined, signal: AbortSignal | undefined): Promise<boolean> {
  if (callId === undefined) return false;
  const path = `/v1/calls/${encodeURIComponent(callId)}`;
  const { state } = await http.json<{ state: (typeof FINAL_STATES)[number] }>('GET', path, { signal });
  return FINAL_STATES.includes(state);
}
