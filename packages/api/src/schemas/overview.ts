import type { Figures, Overview, OverviewRequest, Percentiles } from '@rapida/calls';
import { CALL_STATES, RapidaError, TURN_STAGES, type TurnStage } from '@rapida/core';
import { z } from 'zod';
import { timeSchema, toTime } from './fields.js';

const HOUR_MS = 3_600_000;
const BUCKETS = { hour: HOUR_MS, day: 24 * HOUR_MS } as const;
const TOTAL: TurnStage = 'response_latency_ms';
const PARTS = (Object.keys(TURN_STAGES) as TurnStage[]).filter((stage) => stage !== TOTAL);

const percentilesSchema = z.object({ p50: z.number(), p95: z.number(), turns: z.int() }).meta({ id: 'Percentiles' });

const figures = {
  calls: z.int(),
  outcomes: z.partialRecord(z.enum(CALL_STATES), z.int()).describe('How many calls are in which state'),
  detailed: z.int().describe('What follows is about so many of them, the newest of each bucket'),
  responseMs: percentilesSchema
    .extend({ parts: z.partialRecord(z.enum(PARTS as [TurnStage]), percentilesSchema) })
    .nullable()
    .describe('null: no turn was measured'),
  interruptions: z.int(),
  providerErrors: z.int(),
};
const figuresSchema = z.object(figures).meta({ id: 'Figures' });

export const overviewSchema = z
  .object({
    since: timeSchema,
    until: timeSchema,
    bucket: z.enum(['hour', 'day']),
    buckets: z.array(figuresSchema.extend({ at: timeSchema })),
    totals: figuresSchema,
    providers: z.array(z.object({ provider: z.string(), kind: z.string(), errors: z.int() })),
    now: z.object({
      calls: z.int().describe('That have sound, at all nodes'),
      limit: z.int().describe('0: none'),
      nodes: z.int(),
    }),
  })
  .meta({ id: 'Overview' });

const instant = z.iso.datetime({ offset: true });

export const overviewQuery = z.object({
  since: instant.optional().describe('Where the first bucket begins. Default: a day ago, or 30 days with `bucket=day`'),
  until: instant.optional().describe('Default: now'),
  bucket: z.enum(['hour', 'day']).default('hour').describe('Buckets follow one another from `since`; 100 at most'),
});

type Asked = z.output<typeof overviewQuery>;

export function toOverviewRequest(asked: Asked, nowMs: number): Omit<OverviewRequest, 'projectId'> {
  const { bucket, since, until } = asked;
  const bucketMs = BUCKETS[bucket];
  const untilMs = until === undefined ? nowMs : Date.parse(until);
  const sinceMs = since === undefined ? untilMs - (bucket === 'day' ? 30 : 24) * bucketMs : Date.parse(since);
  if (sinceMs >= untilMs) throw new RapidaError('invalid_request', 'since: must be before until');
  return { sinceMs, untilMs, bucketMs };
}

export function toOverview(
  { buckets, totals, providers, now }: Overview,
  { bucket }: Asked,
  { sinceMs, untilMs }: Omit<OverviewRequest, 'projectId'>,
): z.output<typeof overviewSchema> {
  return {
    ...{ since: toTime(sinceMs), until: toTime(untilMs), bucket },
    buckets: buckets.map((one) => ({ at: toTime(one.atMs), ...toFigures(one) })),
    totals: toFigures(totals),
    providers: [...providers],
    now,
  };
}

function toFigures({ calls, outcomes, detailed, stages, interruptions, providerErrors }: Figures) {
  const parts = PARTS.flatMap((stage) => {
    const measured = stages[stage];
    return measured === undefined ? [] : [[stage, measured] as const];
  });
  const response: (Percentiles & { turns: number }) | undefined = stages[TOTAL];
  const responseMs = response === undefined ? null : { ...response, parts: Object.fromEntries(parts) };
  return { calls, outcomes, detailed, responseMs, interruptions, providerErrors };
}
