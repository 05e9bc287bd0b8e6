import type { LiveEvent } from '@rapida/core';
import { toTime } from './schemas/fields.js';

/** A live event as it is told, over whatever connection. */
export function eventJson({ callId, assistantId, seq, type, atMs, data }: LiveEvent) {
  return { callId, assistantId, seq, type, at: toTime(atMs), data };
}
