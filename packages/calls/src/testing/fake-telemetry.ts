import type { Labels, Telemetry } from '@rapida/core';

/** Keeps what was counted, under `name{label,label}`. */
export class FakeTelemetry implements Telemetry {
  readonly counts = new Map<string, number>();
  readonly gauges = new Map<string, number>();

  count(name: string, labels: Labels = {}, by = 1): void {
    const key = keyOf(name, labels);
    this.counts.set(key, (this.counts.get(key) ?? 0) + by);
  }

  gauge(name: string, value: number, labels: Labels = {}): void {
    this.gauges.set(keyOf(name, labels), value);
  }

  observe(): void {}
}

function keyOf(name: string, labels: Labels): string {
  const values = Object.values(labels);
  return values.length === 0 ? name : `${name}{${values.join(',')}}`;
}
