import type { TranscriptTurn } from '@rapida/client';

export type Stage = 'silence' | 'recognition' | 'tools' | 'model' | 'sentence' | 'voice' | 'other';

export interface Bar {
  readonly stage: Stage;
  /** From the caller's last sound. */
  readonly startMs: number;
  readonly lengthMs: number;
}

/** From the caller's last sound to the first sound in answer, and what the time went into. */
export interface Waterfall {
  /** As the server measured it; undefined where nothing was heard in answer. */
  readonly responseMs: number | undefined;
  readonly bars: readonly Bar[];
}

/**
 * The waterfall of the answer at `index`; undefined where it answers nobody. The figures are the server's own. The end of
 * the turn is measured from the caller's last sound on, the stages of the answer are laid back from its first sound: a model
 * that was asked before the turn was certain is seen to overlap, and time that no stage claims is a bar of its own.
 */
export function waterfallAt(turns: readonly TranscriptTurn[], index: number): Waterfall | undefined {
  const answer = turns[index];
  const asked = turns
    .slice(0, index)
    .findLast(({ role, metrics }) => role === 'user' && metrics.eos_latency_ms != null);
  if (answer?.role !== 'assistant' || asked === undefined) return undefined;
  const { response_latency_ms: responseMs, llm_ttft_ms: modelMs, tts_ttfb_ms: voiceMs } = answer.metrics;
  if (responseMs === undefined && modelMs === undefined && voiceMs === undefined) return undefined;
  const { eos_latency_ms: eosMs = 0, stt_latency_ms: sttMs } = asked.metrics;
  const stages: readonly (readonly [Stage, number | undefined])[] = [
    ['tools', answer.metrics.tools_ms],
    ['model', modelMs],
    ['sentence', answer.metrics.llm_piece_ms],
    ['voice', voiceMs],
  ];
  const answerMs = stages.reduce((sum, [, ms = 0]) => sum + ms, 0);
  const beginMs = Math.max(0, (responseMs ?? eosMs + answerMs) - answerMs);
  return { responseMs, bars: [...turnBars(eosMs, sttMs), ...gapBar(eosMs, beginMs), ...laidOut(stages, beginMs)] };
}

/** Recognition is a part of the end of the turn, and its last part. */
function turnBars(eosMs: number, sttMs: number | undefined): readonly Bar[] {
  if (sttMs === undefined) return [{ stage: 'silence', startMs: 0, lengthMs: eosMs }];
  return [
    { stage: 'silence', startMs: 0, lengthMs: eosMs },
    { stage: 'recognition', startMs: Math.max(0, eosMs - sttMs), lengthMs: sttMs },
  ];
}

function gapBar(eosMs: number, beginMs: number): readonly Bar[] {
  return beginMs > eosMs ? [{ stage: 'other', startMs: eosMs, lengthMs: beginMs - eosMs }] : [];
}

function laidOut(stages: readonly (readonly [Stage, number | undefined])[], beginMs: number): readonly Bar[] {
  let atMs = beginMs;
  return stages.flatMap(([stage, lengthMs]) => {
    if (lengthMs === undefined) return [];
    const bar = { stage, startMs: atMs, lengthMs };
    atMs += lengthMs;
    return [bar];
  });
}

/** All of it, so that the longest fits. */
export function spanMs(waterfalls: readonly Waterfall[]): number {
  const ends = waterfalls.flatMap(({ responseMs = 0, bars }) => [
    responseMs,
    ...bars.map(({ startMs, lengthMs }) => startMs + lengthMs),
  ]);
  return Math.max(1, ...ends);
}
