import { monitorEventLoopDelay } from 'node:perf_hooks';
import { METRICS, type MetricName, type Telemetry } from '@rapida/core';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Response times of conversations: most turns lie between 100 ms and 3 s. */
const BUCKETS_MS = [25, 50, 100, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000];

export interface Metrics {
  readonly telemetry: Telemetry;
  /** Prometheus text. */
  text(): Promise<string>;
  readonly contentType: string;
  /** 99th percentile of the delay of the event loop since this was last asked. */
  loopDelayMs(): number;
  /** Sent more than a frame time after they were due, since the process began. */
  lateFrames(): number;
  close(): void;
}

/** Prometheus behind core's `Telemetry`: one instrument per entry of the catalogue, made at once so that all show up. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const counters = new Map<MetricName, Counter>();
  const gauges = new Map<MetricName, Gauge>();
  const histograms = new Map<MetricName, Histogram>();
  for (const [name, { type, labels, help }] of Object.entries(METRICS) as [
    MetricName,
    (typeof METRICS)[MetricName],
  ][]) {
    const common = { name, help, labelNames: [...labels], registers: [registry] };
    if (type === 'counter') counters.set(name, new Counter(common));
    else if (type === 'gauge') gauges.set(name, new Gauge(common));
    else histograms.set(name, new Histogram({ ...common, buckets: BUCKETS_MS }));
  }
  // One per reader: each begins anew when it is read.
  const [loopDelay, nodesLoopDelay] = [
    monitorEventLoopDelay({ resolution: 20 }),
    monitorEventLoopDelay({ resolution: 20 }),
  ];
  loopDelay.enable();
  nodesLoopDelay.enable();
  let lateFrames = 0;
  return {
    telemetry: {
      count(name, labels = {}, by = 1) {
        if (name === 'rapida_playout_late_frames_total') lateFrames += by;
        counters.get(name)?.inc(labels, by);
      },
      gauge: (name, value, labels = {}) => gauges.get(name)?.set(labels, value),
      observe: (name, value, labels = {}) => histograms.get(name)?.observe(labels, value),
    },
    async text() {
      for (const percentile of [50, 99]) {
        const delayMs = loopDelay.percentile(percentile) / 1e6;
        gauges.get('rapida_event_loop_delay_ms')?.set({ quantile: String(percentile / 100) }, delayMs);
      }
      loopDelay.reset();
      return registry.metrics();
    },
    contentType: registry.contentType,
    loopDelayMs() {
      const delayMs = nodesLoopDelay.percentile(99) / 1e6;
      nodesLoopDelay.reset();
      return delayMs;
    },
    lateFrames: () => lateFrames,
    close() {
      loopDelay.disable();
      nodesLoopDelay.disable();
    },
  };
}
