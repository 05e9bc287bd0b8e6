/** The wait before each attempt to start a worker again that has died; the last one stands for all later ones. */
const RESTART_MS: readonly number[] = [100, 1_000, 5_000, 15_000];
/** One that was up for so long has not died of its start. */
export const STEADY_MS = 60_000;
/** Deaths in a row after which it is not tried any more. */
export const DEATHS_MAX = 10;

export interface Deaths {
  readonly inRow: number;
  /** Undefined: it is given up. */
  readonly restartMs: number | undefined;
}

/** `upMs`: how long it was up; 0 where it never was. */
export function afterDeath(inRowBefore: number, upMs: number): Deaths {
  const inRow = upMs >= STEADY_MS ? 1 : inRowBefore + 1;
  return { inRow, restartMs: inRow < DEATHS_MAX ? RESTART_MS[Math.min(inRow, RESTART_MS.length) - 1] : undefined };
}
