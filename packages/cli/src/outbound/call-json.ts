import type { CallState } from '@rapida/core';

/** As the server shows a call; what an older one leaves out is optional. */
export interface CallJson {
  readonly id: string;
  readonly assistantId?: string;
  readonly direction: 'inbound' | 'outbound';
  readonly state: CallState;
  readonly from: string;
  readonly to: string | null;
  readonly createdAt: string;
  readonly connectedAt?: string | null;
  readonly reason: string | null;
  readonly outbound?: { readonly attempt?: number; readonly attemptsMax?: number } | null;
}

export interface CallEventJson {
  readonly type: string;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A call in a line: who called whom, and what became of it. */
export function callLine({ id, createdAt, state, direction, from, to, reason }: CallJson): string {
  const parties = `${direction}  ${from || '(no caller id)'} -> ${to ?? '(this server)'}`;
  return `${id}  ${createdAt}  ${state.padEnd(10)}  ${parties}  ${reason ?? ''}`;
}

export interface MetricJson {
  readonly name: string;
  readonly value: unknown;
}
