import type { Call, CallEvent, CallMetric, Calls, LiveEvent, TranscriptTurn } from '@rapida/client';

/** Something of a call that was not told before. */
export type News =
  | { readonly call: Call }
  | { readonly event: CallEvent }
  | { readonly turn: TranscriptTurn }
  /** As it happens and in no record: words while they are spoken, states. */
  | { readonly live: Pick<LiveEvent, 'type' | 'at' | 'data'> }
  | { readonly metrics: readonly CallMetric[] };

/** What is asked of the server. */
export type WatchedCalls = Pick<Calls, 'get' | 'transcript' | 'metrics' | 'stream'>;

/**
 * Tells a call as it is first seen, its events, words and turns as they come, and when it has ended the call again and its metrics. A server
 * that restarts is waited for, and nothing is told twice. False where the signal came first.
 */
export async function watchCall(
  calls: WatchedCalls,
  id: string,
  signal: AbortSignal,
  onNews: (news: News) => void,
): Promise<boolean> {
  onNews({ call: await calls.get(id) });
  const turns = new TurnsOnce((turn) => onNews({ turn }));
  let isJoined = false;
  try {
    for await (const event of calls.stream({ callId: id }, { signal })) {
      // Listening now: what was said before is in the transcript, what comes is told.
      if (!isJoined) for (const turn of await calls.transcript(id, { signal })) turns.add(turn);
      isJoined = true;
      tell(event, turns, onNews);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) return false;
  for (const turn of await calls.transcript(id)) turns.add(turn);
  onNews({ call: await calls.get(id) });
  onNews({ metrics: await calls.metrics(id) });
  return true;
}

function tell({ seq, type, at, data }: LiveEvent, turns: TurnsOnce, onNews: (news: News) => void): void {
  if (type === 'turn') turns.add(data as unknown as TranscriptTurn);
  else if (seq === null) onNews({ live: { type, at, data } });
  else onNews({ event: { seq, type, at, data } as CallEvent });
}

/** A turn may come by the stream and in the transcript. One side says one thing at a time. */
class TurnsOnce {
  readonly #tell: (turn: TranscriptTurn) => void;
  readonly #told = new Set<string>();

  constructor(tell: (turn: TranscriptTurn) => void) {
    this.#tell = tell;
  }

  add(turn: TranscriptTurn): void {
    const key = `${turn.role} ${turn.startMs} ${turn.endMs}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#tell(turn);
  }
}
