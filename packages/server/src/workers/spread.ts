/** What a worker has on it, as far as is known. */
export interface Load {
  /** Calls it has said it holds. */
  readonly calls: number;
  /** Connections it was given that are still open. */
  readonly connections: number;
}

/** A connection may be a short question; a call talks for minutes. What was just given may be one, and counts meanwhile. */
const CALL_WEIGHT = 3;

/**
 * Who is given the next connection: the worker with the least on it, of several the one that waited longest. Going round by itself
 * would do badly: where each call makes a request and then connects its media, every second worker would have all the media.
 */
export function leastLoaded<W extends Load>(longestFirst: Iterable<W>): W | undefined {
  let best: W | undefined;
  for (const worker of longestFirst) if (best === undefined || weightOf(worker) < weightOf(best)) best = worker;
  return best;
}

function weightOf({ calls, connections }: Load): number {
  return connections + CALL_WEIGHT * calls;
}
