import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMetrics, type Metrics } from '../telemetry.js';
import { MetricsOfAll } from './metrics-of-all.js';

let all: Metrics[];
let together: MetricsOfAll;
beforeEach(() => {
  all = [];
  const own = made();
  own.telemetry.gauge('rapida_workers', 2, { state: 'up' });
  together = new MetricsOfAll(() => own.snapshot());
});
afterEach(() => {
  for (const metrics of all) metrics.close();
});

function made(): Metrics {
  const metrics = createMetrics();
  all.push(metrics);
  return metrics;
}

/** Through the channel between processes. */
class Worker {
  readonly own = made();
  readonly telemetry = this.own.telemetry;
  answers = true;

  async metrics() {
    if (!this.answers) throw new Error('silent');
    return structuredClone(await this.own.snapshot());
  }

  async says(): Promise<void> {
    together.said(this, structuredClone(await this.own.totals()));
  }
}

async function joined(): Promise<Worker> {
  const worker = new Worker();
  await worker.says();
  return worker;
}

async function figureOf(line: string): Promise<number | undefined> {
  const found = (await together.text()).split('\n').find((one) => one.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.split(' ').at(-1));
}

it('counters, histograms and gauges are the sums of all workers, by their labels', async () => {
  const [one, other] = [await joined(), await joined()];
  one.telemetry.count('rapida_calls_refused_total', { code: 'draining' }, 2);
  other.telemetry.count('rapida_calls_refused_total', { code: 'draining' });
  other.telemetry.count('rapida_calls_refused_total', { code: 'at_capacity' });
  one.telemetry.gauge('rapida_calls_live', 5);
  other.telemetry.gauge('rapida_calls_live', 7);
  one.telemetry.observe('rapida_turn_ms', 40, { stage: 'tools_ms' });
  other.telemetry.observe('rapida_turn_ms', 400, { stage: 'tools_ms' });
  expect(await figureOf('rapida_calls_refused_total{code="draining"}')).toBe(3);
  expect(await figureOf('rapida_calls_refused_total{code="at_capacity"}')).toBe(1);
  expect(await figureOf('rapida_calls_live')).toBe(12);
  expect(await figureOf('rapida_turn_ms_bucket{le="50",stage="tools_ms"}')).toBe(1);
  expect(await figureOf('rapida_turn_ms_count{stage="tools_ms"}')).toBe(2);
  expect(await figureOf('rapida_turn_ms_sum{stage="tools_ms"}')).toBe(440);
});

it('what each of them says of the whole is not added up', async () => {
  const [one, other] = [await joined(), await joined()];
  one.telemetry.gauge('rapida_nodes', 2, { state: 'up' });
  other.telemetry.gauge('rapida_nodes', 2, { state: 'up' });
  one.telemetry.gauge('rapida_node_draining', 1);
  other.telemetry.gauge('rapida_node_draining', 1);
  expect(await figureOf('rapida_nodes{state="up"}')).toBe(2);
  expect(await figureOf('rapida_node_draining')).toBe(1);
  expect(await figureOf('rapida_workers{state="up"}')).toBe(2);
});

it('what a worker had counted stays counted when it has ended, and its gauges are gone', async () => {
  const [one, other] = [await joined(), await joined()];
  for (const worker of [one, other]) {
    worker.telemetry.count('rapida_calls_registered_total', {}, 10);
    worker.telemetry.gauge('rapida_calls_live', 3);
    worker.telemetry.observe('rapida_turn_ms', 40, { stage: 'tools_ms' });
    await worker.says();
  }
  together.ended(one);
  expect(await figureOf('rapida_calls_registered_total')).toBe(20);
  expect(await figureOf('rapida_calls_live')).toBe(3);
  together.ended(other);
  expect(await figureOf('rapida_calls_registered_total')).toBe(20);
  expect(await figureOf('rapida_turn_ms_count{stage="tools_ms"}')).toBe(2);
  const next = await joined();
  next.telemetry.count('rapida_calls_registered_total');
  expect(await figureOf('rapida_calls_registered_total')).toBe(21);
});

it('a worker that does not answer counts as it last said, and nobody waits for it', async () => {
  const worker = await joined();
  worker.telemetry.count('rapida_calls_registered_total', {}, 4);
  await worker.says();
  worker.telemetry.count('rapida_calls_registered_total', {}, 4);
  worker.answers = false;
  expect(await figureOf('rapida_calls_registered_total')).toBe(4);
});

it('what was told of a worker once is told after its end as well', async () => {
  const worker = await joined();
  worker.telemetry.count('rapida_calls_registered_total', {}, 4);
  worker.telemetry.gauge('rapida_calls_live', 4);
  expect(await figureOf('rapida_calls_registered_total')).toBe(4);
  together.ended(worker);
  expect(await figureOf('rapida_calls_registered_total')).toBe(4);
  expect(await figureOf('rapida_calls_live')).toBe(0);
});
