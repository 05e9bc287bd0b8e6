import type { TranscriptTurn } from '@rapida/client';
import { clockDuration } from '../../format/times.js';

/** A transcript as people read it in a file: one line of text for each turn, and what was not heard in brackets. */
export function transcriptText(turns: readonly TranscriptTurn[]): string {
  return turns.map((turn) => `${lineOf(turn)}\n`).join('');
}

function lineOf({ role, text, startMs, interrupted, unheard }: TranscriptTurn): string {
  const who = role === 'user' ? 'Caller' : 'Assistant';
  const rest = unheard === undefined ? '[interrupted]' : `[interrupted, not heard: ${unheard}]`;
  const words = [text, ...(interrupted ? [rest] : [])].filter((part) => part !== '');
  return `${clockDuration(startMs)} ${who}: ${words.join(' ')}`;
}
