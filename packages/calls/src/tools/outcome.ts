import { type Clock, type ErrorCode, linkedAbort, RapidaError, type ToolOutcome } from '@rapida/core';

/** What a model is told at most: some two thousand tokens. */
export const RESULT_CHARS_MAX = 8_000;

export function given(text: string): ToolOutcome {
  const isLong = text.length > RESULT_CHARS_MAX;
  return { result: isLong ? `${text.slice(0, RESULT_CHARS_MAX)}\n[cut off]` : text, code: null };
}

export function failedWith(code: ErrorCode, why: string): ToolOutcome {
  return { result: `error: ${code}: ${why}`.slice(0, RESULT_CHARS_MAX), code };
}

/** Runs `work` for `timeoutMs` at most; whatever it throws is an outcome. */
export async function bounded(
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<ToolOutcome>,
): Promise<ToolOutcome> {
  const { controller, unlink } = linkedAbort(signal);
  let expire: () => void = () => {};
  const expired = new Promise<ToolOutcome>((resolve) => {
    expire = () => {
      controller.abort(new DOMException('took too long', 'TimeoutError'));
      resolve(failedWith('tool_timeout', `no answer within ${timeoutMs} ms`));
    };
  });
  const timer = clock.setTimer(timeoutMs, expire);
  try {
    return await Promise.race([work(controller.signal).catch(outcomeOf), expired]);
  } finally {
    timer.cancel();
    unlink();
    controller.abort();
  }
}

/** Of ours what it says; of all others only that: what the platform says may quote an address or a header. */
function outcomeOf(error: unknown): ToolOutcome {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    if (cause instanceof RapidaError) return failedWith(cause.code, cause.message);
  }
  return failedWith('tool_failed', 'it could not be reached');
}
