import { type MetricSnapshot, textOf, totalsOf } from '../telemetry.js';

export interface MeasuredWorker {
  metrics(): Promise<MetricSnapshot>;
}

/**
 * The metrics of all workers as those of one server. What a worker had counted stays counted when it has ended, up to what it
 * last said: a sum that falls would look like a restart of all of it.
 */
export class MetricsOfAll {
  readonly #own: () => Promise<MetricSnapshot>;
  readonly #workers = new Map<MeasuredWorker, MetricSnapshot>();
  /** Of all that have ended. */
  #ended: Promise<MetricSnapshot> = Promise.resolve([]);

  /** `own`: of this process. */
  constructor(own: () => Promise<MetricSnapshot>) {
    this.#own = own;
  }

  /** It is asked from now on; `totals` is what it has counted so far. */
  said(worker: MeasuredWorker, totals: MetricSnapshot): void {
    this.#workers.set(worker, totals);
  }

  ended(worker: MeasuredWorker): void {
    const last = this.#workers.get(worker);
    this.#workers.delete(worker);
    if (last !== undefined) this.#ended = this.#ended.then((before) => totalsOf([before, last]));
  }

  /** Prometheus text. One that does not answer counts as it last said. */
  async text(): Promise<string> {
    const workers = [...this.#workers].map(async ([worker, said]) => {
      const snapshot = await worker.metrics().catch(() => said);
      // What was told once is not taken back, whatever becomes of the worker.
      if (this.#workers.has(worker)) this.#workers.set(worker, snapshot);
      return snapshot;
    });
    return textOf(await Promise.all([this.#own(), this.#ended, ...workers]));
  }
}
