import type { LiveEvent } from '@rapida/client';

/** What is being said in a call at this moment. */
export interface SpokenWords {
  readonly who: 'caller' | 'assistant';
  readonly text: string;
  /** The caller may go on: this may still change. */
  readonly partial: boolean;
}

/** Calls whose words are kept: what is said in others shows when they speak again. */
export const CALLS_MAX = 2_000;

export type Spoken = ReadonlyMap<string, SpokenWords>;

/** The words after an event; the same map where it says nothing about words. */
export function spokenAfter(spoken: Spoken, event: LiveEvent): Spoken {
  if (event.type === 'call.ended' || event.type === 'call.failed') return without(spoken, event.callId);
  const words = wordsOf(event);
  if (words === undefined) return spoken;
  const next = new Map(spoken);
  // Told anew is kept longest.
  next.delete(event.callId);
  next.set(event.callId, words);
  const oldest = next.keys().next();
  if (next.size > CALLS_MAX && oldest.done === false) next.delete(oldest.value);
  return next;
}

function wordsOf({ type, data }: LiveEvent): SpokenWords | undefined {
  const text = typeof data.text === 'string' ? data.text : '';
  if (type === 'caller.partial') return { who: 'caller', text, partial: true };
  if (type === 'caller.said') return { who: 'caller', text, partial: false };
  if (type === 'assistant.saying') return { who: 'assistant', text, partial: false };
  return undefined;
}

function without(spoken: Spoken, callId: string): Spoken {
  if (!spoken.has(callId)) return spoken;
  const next = new Map(spoken);
  next.delete(callId);
  return next;
}
