import type { CallState } from '@rapida/core';

/** As the server shows a call; what an older one leaves out is optional. */
export interface CallJson {
  readonly id: string;
  readonly direction: 'inbound' | 'outbound';
  readonly state: CallState;
  readonly from: string;
  readonly to: string | null;
  readonly createdAt: string;
  readonly reason: string | null;
  readonly outbound?: { readonly attempt?: number; readonly attemptsMax?: number } | null;
}

export interface CallEventJson {
  readonly type: string;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Who called whom. */
export function partiesOf({ direction, from, to }: Pick<CallJson, 'direction' | 'from' | 'to'>): string {
  return `${direction}  ${from || '(no caller id)'} -> ${to ?? '(this server)'}`;
}
