import { RapidaApiError } from '@rapida/client';
import { isRecord } from './json-schema.js';
import { type Problem, problemsTold } from './problems.js';

export interface Refusal {
  readonly error: unknown;
  /** What was sent. */
  readonly value: unknown;
}

/** What the server said of fields that are still as they were sent: one that was changed since may be right now. */
export function stillRefused(refusal: Refusal | undefined, value: unknown): readonly Problem[] {
  if (!(refusal?.error instanceof RapidaApiError)) return [];
  return problemsTold(refusal.error.text).filter(({ path }) => {
    const names = path.split('.');
    return valueAt(refusal.value, names) === valueAt(value, names);
  });
}

function valueAt(whole: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => {
    if (Array.isArray(at)) return at[Number(name)];
    return isRecord(at) ? at[name] : undefined;
  }, whole);
}
