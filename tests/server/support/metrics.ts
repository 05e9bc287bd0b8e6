import { expect, vi } from 'vitest';
import { request } from './api.js';

/** The figure behind this exact line of `/metrics`, labels included; 0 while there is no such line. */
export async function metricOf(url: string, line: string): Promise<number> {
  const { text } = await request(url, '/metrics');
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  return found === undefined ? 0 : Number(found.slice(line.length + 1));
}

/** Runs `act`; then the line has to have grown by exactly `by`. */
export async function countsMetric<T>(url: string, line: string, act: () => Promise<T>, by = 1): Promise<T> {
  const before = await metricOf(url, line);
  const result = await act();
  await vi.waitFor(async () => expect((await metricOf(url, line)) - before, line).toBe(by), {
    timeout: 5_000,
    interval: 20,
  });
  return result;
}
