import type { Clock, Timer } from '@rapida/core';

export interface ReadBodyOptions {
  /** Rejects when nothing of the body is to be read. */
  readonly admit: () => Promise<void>;
  /** The error of a body that is not complete in time. */
  readonly late: () => Error;
  readonly clock: Clock;
  /** From the beginning, `admit` included. */
  readonly limitMs: number;
}

/** `body`, once it is admitted and as long as it keeps to its time. */
export async function* readBody(
  body: AsyncIterable<Uint8Array>,
  { admit, late, clock, limitMs }: ReadBodyOptions,
): AsyncGenerator<Uint8Array> {
  let timer: Timer | undefined;
  const overdue = new Promise<never>((_resolve, reject) => {
    timer = clock.setTimer(limitMs, () => reject(late()));
  });
  // Only heard by the races below.
  overdue.catch(() => {});
  const chunks = body[Symbol.asyncIterator]();
  try {
    await admit();
    for (;;) {
      const chunk = await Promise.race([chunks.next(), overdue]);
      if (chunk.done) return;
      yield chunk.value;
    }
  } finally {
    timer?.cancel();
    // Not waited for: it comes to its end with the stream at the latest.
    chunks.return?.().catch(() => {});
  }
}
