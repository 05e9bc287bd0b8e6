import type { CallState, FiguresStore, ProviderErrors, TurnMetrics } from '@rapida/core';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/database.js';
import { reportFailures } from '../database/failures.js';
import { toStoredId } from '../database/stored-id.js';
import type { Tables } from '../database/tables.js';

/** Of one stretch of time; more turns and failures than any number of calls that is asked for has. */
const ROWS_MAX = 20_000;

interface Stretch {
  readonly projectId: string;
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly detailedMax: number;
}

export function createSqlFiguresStore({ kysely: db }: Database): FiguresStore {
  return reportFailures<FiguresStore>('figures', {
    async ofCalls(projectId, sinceMs, untilMs, detailedMax) {
      const stretch = { projectId: toStoredId(projectId), sinceMs, untilMs, detailedMax };
      const counts = await countsOf(db, stretch);
      const all = counts.reduce((sum, [, count]) => sum + count, 0);
      const detailed = Math.min(all, detailedMax);
      const nothing = { turns: [], interruptions: 0, providerErrors: [] };
      const details = detailed === 0 ? nothing : await detailsOf(db, stretch);
      return { outcomes: Object.fromEntries(counts), detailed, ...details };
    },
  });
}

async function countsOf(
  db: Kysely<Tables>,
  { projectId, sinceMs, untilMs }: Stretch,
): Promise<readonly (readonly [CallState, number])[]> {
  // An expression: for the column itself the planner reads all calls of the project in the index that has them by state.
  const state = sql<CallState>`state || ''`;
  const rows = await db
    .selectFrom('calls')
    .select([state.as('of_state'), (eb) => eb.fn.countAll().as('count')])
    .where('project_id', '=', projectId)
    .where('created_at_ms', '>=', sinceMs)
    .where('created_at_ms', '<', untilMs)
    .groupBy(state)
    .execute();
  return rows.map(({ of_state, count }) => [of_state, Number(count)] as const);
}

/** The newest calls of the stretch. */
function newest(db: Kysely<Tables>, { projectId, sinceMs, untilMs, detailedMax }: Stretch) {
  return db
    .selectFrom('calls')
    .select('id')
    .where('project_id', '=', projectId)
    .where('created_at_ms', '>=', sinceMs)
    .where('created_at_ms', '<', untilMs)
    .orderBy('created_at_ms', 'desc')
    .limit(detailedMax);
}

async function detailsOf(db: Kysely<Tables>, stretch: Stretch) {
  const turns = await db
    .selectFrom('call_turns')
    .select(['metrics', 'interrupted'])
    .where('call_id', 'in', newest(db, stretch))
    .where((eb) => eb.or([eb('metrics', '!=', '{}'), eb('interrupted', '=', 1)]))
    .limit(ROWS_MAX)
    .execute();
  const failures = await db
    .selectFrom('call_events')
    .select('data')
    .where('call_id', 'in', newest(db, stretch))
    .where(sql<boolean>`type = 'provider.failed'`)
    .limit(ROWS_MAX)
    .execute();
  return {
    turns: turns.map(({ metrics }) => JSON.parse(metrics) as TurnMetrics).filter((one) => Object.keys(one).length > 0),
    interruptions: turns.filter(({ interrupted }) => interrupted === 1).length,
    providerErrors: errorsOf(failures.map(({ data }) => JSON.parse(data))),
  };
}

/** Most errors first. */
function errorsOf(failures: readonly { provider?: unknown; kind?: unknown }[]): ProviderErrors[] {
  const counts = new Map<string, ProviderErrors>();
  for (const { provider, kind } of failures) {
    const whose = { provider: String(provider ?? ''), kind: String(kind ?? '') };
    const key = `${whose.kind} ${whose.provider}`;
    counts.set(key, { ...whose, errors: (counts.get(key)?.errors ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.errors - a.errors || (a.provider < b.provider ? -1 : 1));
}
