import { type CallFigures, RapidaError } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OverviewUseCases } from '../use-cases.js';
import { percentilesOf } from './figures.js';
import { BUCKETS_MAX, createOverview, DETAILED_MAX, KEPT_MS } from './overview.js';

const HOUR_MS = 3_600_000;
const PROJECT = '7';
const NONE: CallFigures = { outcomes: {}, detailed: 0, turns: [], interruptions: 0, providerErrors: [] };

let clock: VirtualClock;
let asked: (readonly [string, number, number, number])[];
let answers: Map<number, CallFigures>;
let overview: OverviewUseCases;
beforeEach(() => {
  clock = new VirtualClock();
  asked = [];
  answers = new Map();
  const node = {
    host: 'pbx',
    version: '1',
    startedAtMs: 1,
    seenAtMs: 1,
    draining: false,
    loopDelayMs: 0,
    lateFrames: 0,
  };
  overview = createOverview({
    clock,
    callsMax: 40,
    figures: {
      async ofCalls(...given) {
        asked.push(given);
        return answers.get(given[1]) ?? NONE;
      },
    },
    nodes: {
      list: async () => [
        { ...node, nodeId: 'a', calls: 2, lost: false },
        { ...node, nodeId: 'b', calls: 3, lost: false },
        { ...node, nodeId: 'c', calls: 9, lost: true },
      ],
    },
  });
});

async function ask(sinceMs: number, untilMs: number, bucketMs = HOUR_MS) {
  const asking = overview.overview({ projectId: PROJECT, sinceMs, untilMs, bucketMs });
  await clock.advance(0);
  for (let n = 0; n < BUCKETS_MAX; n++) await clock.advance(0);
  return asking;
}

describe('an overview', () => {
  it('is made of buckets one after the other, the last one up to the end', async () => {
    const { buckets } = await ask(1_000, 1_000 + 2.5 * HOUR_MS);
    expect(buckets.map(({ atMs }) => atMs)).toEqual([1_000, 1_000 + HOUR_MS, 1_000 + 2 * HOUR_MS]);
    expect(asked).toEqual([
      [PROJECT, 1_000, 1_000 + HOUR_MS, DETAILED_MAX],
      [PROJECT, 1_000 + HOUR_MS, 1_000 + 2 * HOUR_MS, DETAILED_MAX],
      [PROJECT, 1_000 + 2 * HOUR_MS, 1_000 + 2.5 * HOUR_MS, DETAILED_MAX],
    ]);
  });

  it('has the sum of all buckets, and the percentiles of all their turns', async () => {
    const errors = { provider: 'openai', kind: 'llm' };
    answers.set(0, {
      ...{ outcomes: { completed: 2, busy: 1 }, detailed: 3, interruptions: 1 },
      turns: [{ response_latency_ms: 100 }, { response_latency_ms: 300, llm_ttft_ms: 50 }],
      providerErrors: [{ ...errors, errors: 2 }],
    });
    answers.set(HOUR_MS, {
      ...{ outcomes: { completed: 1 }, detailed: 1, interruptions: 2 },
      turns: [{ response_latency_ms: 200 }],
      providerErrors: [
        { ...errors, errors: 1 },
        { provider: 'deepgram', kind: 'stt', errors: 5 },
      ],
    });
    const { totals, providers, buckets } = await ask(0, 2 * HOUR_MS);
    expect(totals).toEqual({
      ...{ calls: 4, outcomes: { completed: 3, busy: 1 }, detailed: 4, interruptions: 3, providerErrors: 8 },
      stages: {
        response_latency_ms: { p50: 200, p95: 300, turns: 3 },
        llm_ttft_ms: { p50: 50, p95: 50, turns: 1 },
      },
    });
    expect(buckets[1]?.stages).toEqual({ response_latency_ms: { p50: 200, p95: 200, turns: 1 } });
    expect(providers).toEqual([
      { provider: 'deepgram', kind: 'stt', errors: 5 },
      { ...errors, errors: 3 },
    ]);
  });

  it('knows what is now: the calls of all nodes that are there, and the limit', async () => {
    expect((await ask(0, HOUR_MS)).now).toEqual({ calls: 5, limit: 40, nodes: 2 });
  });

  it('is read once for all who look at it in the same moment, and again after it', async () => {
    await ask(0, 2 * HOUR_MS);
    await ask(0, 2 * HOUR_MS);
    expect(asked).toHaveLength(2);
    const nowMs = clock.wallMs();
    await ask(nowMs - HOUR_MS, nowMs);
    await clock.advance(KEPT_MS);
    await ask(nowMs - HOUR_MS, nowMs);
    expect(asked).toHaveLength(4);
    // What was over for long does not change any more.
    await ask(0, 2 * HOUR_MS);
    expect(asked).toHaveLength(4);
  });

  it('is refused where it has no bucket, or more than anybody can look at', async () => {
    const codeOf = (untilMs: number) =>
      overview
        .overview({ projectId: PROJECT, sinceMs: 0, untilMs, bucketMs: HOUR_MS })
        .catch((error) => RapidaError.from(error).code);
    expect(await codeOf(0)).toBe('invalid_request');
    expect(await codeOf((BUCKETS_MAX + 0.1) * HOUR_MS)).toBe('invalid_request');
    expect(asked).toEqual([]);
  });
});

describe('percentiles', () => {
  it('are values that were measured, by the nearest rank', () => {
    expect(percentilesOf([])).toBeUndefined();
    expect(percentilesOf([7])).toEqual({ p50: 7, p95: 7 });
    expect(percentilesOf([3, 1, 2, 4])).toEqual({ p50: 2, p95: 4 });
    expect(percentilesOf(Array.from({ length: 100 }, (_, n) => 100 - n))).toEqual({ p50: 50, p95: 95 });
  });
});
