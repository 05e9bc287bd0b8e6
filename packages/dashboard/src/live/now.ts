import { useEffect, useState } from 'react';
import { browserClock } from '../clock.js';

const SECOND_MS = 1_000;

/** The time, told again every `periodMs`: for lengths that grow. */
export function useNowMs(periodMs: number = SECOND_MS): number {
  const [nowMs, setNowMs] = useState(browserClock.wallMs);
  useEffect(() => browserClock.every(periodMs, () => setNowMs(browserClock.wallMs())), [periodMs]);
  return nowMs;
}
