import type { AriEvent } from './events.js';
import type { AriFailure } from './result.js';

/** Called synchronously, in the order of arrival. What it throws goes to `onListenerError` and stops nothing. */
export interface AriEventsListener {
  onEvent(event: AriEvent): void;
  /** Subscribed and live, once per connection. `gap`: it had been up before, so events may have been missed. */
  onUp(info: { readonly gap: boolean }): void;
  /** After each connection that ended and each attempt that failed. Another attempt follows by itself. */
  onDown(failure: AriFailure): void;
}

export interface AriEventsCounters {
  readonly delivered: number;
  /** Messages that are no JSON object with a type, or lack a field. Not delivered. */
  readonly malformed: number;
  /** Types this package does not use. Not delivered. */
  readonly unknown: number;
  /** How often the listener threw. */
  readonly listenerErrors: number;
}
