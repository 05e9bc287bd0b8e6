import { type CallFigures, type CallState, type ProviderErrors, TURN_STAGES, type TurnStage } from '@rapida/core';
import type { Figures, Percentiles } from '../use-cases.js';

const STAGES = Object.keys(TURN_STAGES) as TurnStage[];

/** Of several stretches of time together. */
export function figuresOf(stretches: readonly CallFigures[]): Figures {
  const outcomes: Partial<Record<CallState, number>> = {};
  for (const stretch of stretches) {
    for (const [state, count] of Object.entries(stretch.outcomes) as [CallState, number][]) {
      outcomes[state] = (outcomes[state] ?? 0) + count;
    }
  }
  return {
    calls: sum(Object.values(outcomes)),
    outcomes,
    detailed: sum(stretches.map(({ detailed }) => detailed)),
    stages: stagesOf(stretches),
    interruptions: sum(stretches.map(({ interruptions }) => interruptions)),
    providerErrors: sum(stretches.flatMap(({ providerErrors }) => providerErrors.map(({ errors }) => errors))),
  };
}

/** Most errors first. */
export function providersOf(stretches: readonly CallFigures[]): ProviderErrors[] {
  const counts = new Map<string, ProviderErrors>();
  for (const one of stretches.flatMap(({ providerErrors }) => providerErrors)) {
    const key = `${one.kind} ${one.provider}`;
    counts.set(key, { ...one, errors: one.errors + (counts.get(key)?.errors ?? 0) });
  }
  return [...counts.values()].sort((a, b) => b.errors - a.errors || (a.provider < b.provider ? -1 : 1));
}

/** The nearest rank: a value that was measured, not one in between. Undefined where nothing was. */
export function percentilesOf(values: readonly number[]): Percentiles | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95) };
}

function stagesOf(stretches: readonly CallFigures[]): Figures['stages'] {
  const turns = stretches.flatMap((stretch) => stretch.turns);
  const measured = STAGES.flatMap((stage) => {
    const values = turns.flatMap((turn) => turn[stage] ?? []);
    const percentiles = percentilesOf(values);
    return percentiles === undefined ? [] : [[stage, { ...percentiles, turns: values.length }] as const];
  });
  return Object.fromEntries(measured);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
