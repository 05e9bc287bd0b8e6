/** Decides whether the caller has finished. Pure: the same view gives the same judgement. */
export interface TurnDetector {
  judge(view: TurnView): TurnJudgement;
}

export interface TurnView {
  /** What was recognised in this turn so far, finals joined. */
  readonly text: string;
  /** A segment of this turn was heard but not understood. */
  readonly rejected: boolean;
  /** Time since the last voiced frame. */
  readonly silenceMs: number;
  /** Whole phrases that make sense now, as the model sees it; empty where it does not say. */
  readonly expected: readonly string[];
  /** What the assistant said last, to know what was asked. */
  readonly lastAssistantText: string;
}

export type TurnJudgement = { readonly verdict: 'commit' } | { readonly verdict: 'wait'; readonly againInMs: number };
