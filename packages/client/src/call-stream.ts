import { RapidaApiError } from './api-error.js';
import { pause } from './clock.js';
import type { Http } from './http.js';
import type { RequestOptions } from './pages.js';
import { chunksOf } from './read-body.js';
import { pauseMs } from './retry.js';
import type { CallEventType } from './schemas.js';
import { type ServerSentEvent, SseParser, SseTooLong } from './sse-parser.js';

/** The server sends something every 15 s; a connection that is silent for this long is dead, whatever it says. */
export const SILENCE_MS_MAX = 45_000;
/** Connections in a row that brought nothing. With their pauses that is about five minutes. */
export const EMPTY_CONNECTIONS_MAX = 25;

export interface StreamFilter {
  /** Only this call: begins with its stored events, and ends with its last one. Without it: what happens from now on. */
  readonly callId?: string;
  /** Only calls of this assistant. */
  readonly assistantId?: string;
  /** The `id` of an event that was seen, together with its `callId`: the stored events after it are told, and nothing twice. */
  readonly lastEventId?: string;
}

/** What is told as it happens and stands in no record. */
export type LiveOnlyType =
  /** Data: `state`. */
  | 'call.state'
  /** A call that an Asterisk announced and that was refused: there is none, `callId` is 0. Data: `code`, `message`, `from`. */
  | 'call.refused'
  /** What the caller is understood to be saying so far. Data: `text`. */
  | 'caller.partial'
  /** Data: `text`, `rejected`: it was not taken for speech to the assistant. */
  | 'caller.said'
  /** Data: `text`. */
  | 'assistant.saying'
  | 'assistant.paused'
  | 'assistant.resumed'
  | 'assistant.interrupted'
  /** Data: a {@link TranscriptTurn}. */
  | 'turn';

/** Something that happened in a call, just now. */
export interface LiveEvent {
  /** Opaque; for `lastEventId`. */
  readonly id: string;
  readonly callId: string;
  readonly assistantId: string;
  /** Of a stored event: its number in the call, from 1. Null: it is only told. */
  readonly seq: number | null;
  /** A dialplan may report events of any name, and a newer server knows more. */
  readonly type: CallEventType | LiveOnlyType | (string & {});
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const PATH = '/v1/calls/stream';
/** The server's last message: why it ends the stream. */
const CLOSED = 'stream.closed';

/** Events over one connection after the other; see `Calls.stream`. */
export async function* streamOf(
  http: Http,
  filter: StreamFilter,
  { signal }: RequestOptions,
): AsyncGenerator<LiveEvent, void, undefined> {
  const seen: Seen = { lastEventId: filter.lastEventId ?? '', isOver: false, retryMs: undefined };
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
    if (seen.isOver) return;
    empty = events > 0 ? 0 : empty + 1;
    const waitMs = pauseMs(Math.max(1, empty), failure?.retryAfterMs ?? seen.retryMs);
    if (empty >= EMPTY_CONNECTIONS_MAX || waitMs === undefined) throw failure ?? http.brokenOff(undefined);
    await pause(http.clock, waitMs, signal);
  }
}

interface Seen {
  lastEventId: string;
  /** The call has ended, and all of it was told. */
  isOver: boolean;
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
    // There is nothing after the last event that was seen, and never will be.
    seen.isOver = answer.status === 204;
    if (seen.isOver) return;
    if (!(answer.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
      throw http.failure(200, 'answer_invalid', `${http.url} answered with something else than a stream of events`);
    }
    const parser = new SseParser(seen.lastEventId);
    const limit = { clock: http.clock, silenceMsMax: SILENCE_MS_MAX, onSilence: () => http.silent() };
    for await (const chunk of chunksOf(answer.body, limit)) {
      for (const one of parser.push(chunk)) {
        const event = readEvent(http, one);
        if (event.type === CLOSED) {
          seen.isOver = event.data.reason === 'call_ended';
          return;
        }
        seen.lastEventId = one.lastEventId;
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
  if (typeof event?.type !== 'string' || typeof event.callId !== 'string' || typeof event.data !== 'object') {
    throw http.failure(200, 'answer_invalid', 'an event of the stream is none of a call');
  }
  return { ...(event as LiveEvent), data: event.data ?? {}, id: lastEventId };
}
