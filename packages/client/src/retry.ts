/** The first pause is this long, each further one twice as long, up to {@link PAUSE_MS_MAX}; a random half is taken off. */
export const PAUSE_MS_FIRST = 500;
export const PAUSE_MS_MAX = 15_000;
/** A server that asks for more is not waited for: the error goes to the caller, who knows better what to do meanwhile. */
export const RETRY_AFTER_MS_MAX = 60_000;

/** How long to wait before the try after `failures`; undefined: do not wait, give up. */
export function pauseMs(failures: number, retryAfterMs: number | undefined): number | undefined {
  if (retryAfterMs !== undefined && retryAfterMs > RETRY_AFTER_MS_MAX) return undefined;
  const doubled = Math.min(PAUSE_MS_MAX, PAUSE_MS_FIRST * 2 ** (failures - 1));
  // Clients that failed together do not come back together.
  const spread = doubled * (1 - Math.random() / 2);
  return Math.max(spread, retryAfterMs ?? 0);
}

/** Of the header `Retry-After` (RFC 9110, 10.2.3): seconds, or a date. Undefined where it is neither. */
export function retryAfterMs(header: string | null, wallMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^[0-9]{1,9}$/.test(header)) return Number(header) * 1_000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - wallMs);
}
