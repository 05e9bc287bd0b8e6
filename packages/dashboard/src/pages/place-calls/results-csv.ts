import type { NewCall } from '@rapida/client';

export interface ListResult {
  readonly id: string;
  readonly state: string;
  readonly order: NewCall | undefined;
}

const OWN: readonly string[] = ['call_id', 'state'];

/** What became of the calls of a list, with the columns it came with: it can be filtered and placed again. */
export function resultsCsv(results: readonly ListResult[]): string {
  const all = results.flatMap(({ order }) => Object.keys(order?.metadata ?? {}));
  // Results that were placed again have older ones among their columns.
  const names = [...new Set(all)].filter((name) => !OWN.includes(name));
  const lines = results.map(({ id, state, order }) => {
    const metadata: Readonly<Record<string, unknown>> = order?.metadata ?? {};
    return [order?.to, order?.from, ...names.map((name) => metadata[name]), id, state];
  });
  const header = ['to', 'from', ...names, ...OWN];
  return [header, ...lines].map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(value: unknown): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
