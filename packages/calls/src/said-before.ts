import type { ChatMessage, TranscriptTurn } from '@rapida/core';

/** What is on record of a call that is taken up again. */
export interface SaidBefore {
  /** As the model is told of it: what was heard, oldest first. What tools gave is not in it. */
  readonly history: readonly ChatMessage[];
  readonly turns: number;
  readonly talkMs: number;
  /** When the last of it was over, from the moment media connected first. */
  readonly endMs: number;
}

export function saidBefore(turns: readonly TranscriptTurn[]): SaidBefore {
  return {
    history: turns.map(messageOf),
    turns: turns.length,
    talkMs: turns.reduce((sum, { startMs, endMs }) => sum + Math.max(0, endMs - startMs), 0),
    endMs: Math.max(0, ...turns.map(({ endMs }) => endMs)),
  };
}

function messageOf({ role, text, interrupted }: TranscriptTurn): ChatMessage {
  if (role === 'assistant') return { role, text, ...(interrupted && { interrupted }) };
  return text === '' ? { role, text, rejected: true } : { role, text };
}
