import type { Call } from '@rapida/client';

/** A call in a line: who called whom, and what became of it. */
export function callLine({ id, createdAt, state, direction, from, to, reason }: Call): string {
  const parties = `${direction}  ${from || '(no caller id)'} -> ${to ?? '(this server)'}`;
  return `${id}  ${createdAt}  ${state.padEnd(10)}  ${parties}  ${reason ?? ''}`;
}
