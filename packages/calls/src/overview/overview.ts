import { type CallFigures, type Clock, type EntityId, type FiguresStore, RapidaError, sleep } from '@rapida/core';
import type { NodeUseCases, OverviewRequest, OverviewUseCases } from '../use-cases.js';
import { figuresOf, providersOf } from './figures.js';

export const BUCKETS_MAX = 100;
/** Calls of one bucket that are looked into. */
export const DETAILED_MAX = 500;
/** What was read is shown for so long again: figures move slowly, and a page asks often. */
export const KEPT_MS = 10_000;
/** Of a bucket that was over for long, in which no call changes any more. */
const KEPT_PAST_MS = 600_000;
const PAST_AFTER_MS = 6 * 3_600_000;
/** Buckets that are kept, of all projects. */
const KEPT_MAX = 1_000;

export interface OverviewDependencies {
  readonly figures: FiguresStore;
  readonly nodes: NodeUseCases;
  readonly clock: Clock;
  readonly callsMax: number;
}

export function createOverview({ figures, nodes, clock, callsMax }: OverviewDependencies): OverviewUseCases {
  const kept = new Kept(clock);

  /** One after the other, and other things in between: an embedded database answers on the loop that carries the sound. */
  async function read(projectId: EntityId, stretches: readonly Stretch[]): Promise<CallFigures[]> {
    const read: CallFigures[] = [];
    for (const { sinceMs, untilMs } of stretches) {
      const name = `${projectId}/${sinceMs}/${untilMs}`;
      let found = kept.get(name);
      if (found === undefined) {
        if (read.length > 0) await sleep(clock, 0);
        found = await figures.ofCalls(projectId, sinceMs, untilMs, DETAILED_MAX);
        kept.put(name, found, untilMs < clock.wallMs() - PAST_AFTER_MS ? KEPT_PAST_MS : KEPT_MS);
      }
      read.push(found);
    }
    return read;
  }

  return {
    async overview(request) {
      const stretches = stretchesOf(request);
      const [measured, known] = await Promise.all([read(request.projectId, stretches), nodes.list()]);
      const up = known.filter(({ lost }) => !lost);
      return {
        buckets: measured.map((one, index) => ({ atMs: stretches[index]?.sinceMs ?? 0, ...figuresOf([one]) })),
        totals: figuresOf(measured),
        providers: providersOf(measured),
        now: { calls: up.reduce((sum, { calls }) => sum + calls, 0), limit: callsMax, nodes: up.length },
      };
    },
  };
}

interface Stretch {
  readonly sinceMs: number;
  readonly untilMs: number;
}

function stretchesOf({ sinceMs, untilMs, bucketMs }: OverviewRequest): Stretch[] {
  const count = Math.ceil((untilMs - sinceMs) / bucketMs);
  if (count < 1 || count > BUCKETS_MAX) {
    throw new RapidaError('invalid_request', `since, until: must be 1 to ${BUCKETS_MAX} buckets apart`);
  }
  return Array.from({ length: count }, (_, index) => ({
    sinceMs: sinceMs + index * bucketMs,
    untilMs: Math.min(untilMs, sinceMs + (index + 1) * bucketMs),
  }));
}

/** What was read a moment ago; the oldest goes where there is too much. */
class Kept {
  readonly #clock: Clock;
  readonly #figures = new Map<string, { readonly figures: CallFigures; readonly untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(name: string): CallFigures | undefined {
    const found = this.#figures.get(name);
    return found !== undefined && found.untilMs > this.#clock.nowMs() ? found.figures : undefined;
  }

  put(name: string, figures: CallFigures, keptMs: number): void {
    this.#figures.delete(name);
    this.#figures.set(name, { figures, untilMs: this.#clock.nowMs() + keptMs });
    const [oldest] = this.#figures.keys();
    if (this.#figures.size > KEPT_MAX && oldest !== undefined) this.#figures.delete(oldest);
  }
}
