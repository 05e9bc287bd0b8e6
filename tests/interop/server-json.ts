/** What the server answers with, as far as the suite looks at it. */

export interface CallJson {
  readonly id: string;
  readonly contextId: string;
  readonly state: string;
  readonly from: string;
  readonly to: string | null;
  readonly transport: string | null;
  readonly format: string | null;
  readonly endedAt: string | null;
  readonly disconnectedBy: string | null;
  readonly reason: string | null;
  readonly directive: string | null;
  readonly outbound: { readonly attempt: number } | null;
}

export interface TurnJson {
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly interrupted: boolean;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface EventJson {
  readonly seq: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface NodeJson {
  readonly id: string;
  readonly state: 'up' | 'draining' | 'lost';
  readonly calls: number;
}
