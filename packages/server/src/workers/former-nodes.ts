import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { DataFolder } from '../data-folder.js';

/** The node that this worker is, of those that the process with this name has. */
export function workerNodeId(nodeId: string, worker: number): string {
  return `${nodeId}-w${worker}`;
}

/** The nodes that run under this name: one process, or so many workers. */
export function nodeIdsOf(nodeId: string, workers: number): readonly string[] {
  if (workers <= 1) return [nodeId];
  return Array.from({ length: workers }, (_, n) => workerNodeId(nodeId, n + 1));
}

/** Those that ran here last and will not come again, as there are fewer now: somebody else has to end their calls. */
export function formerNodeIds(
  { workers: path }: Pick<DataFolder, 'workers'>,
  nodeId: string,
  workers: number,
): string[] {
  const before = [nodeId, ...nodeIdsOf(nodeId, workersBefore(path))];
  const now = nodeIdsOf(nodeId, workers);
  return [...new Set(before)].filter((one) => !now.includes(one));
}

/** Before the first of them starts: those of before are not forgotten yet. */
export function expectWorkers(folder: Pick<DataFolder, 'workers'>, workers: number): void {
  rememberWorkers(folder, Math.max(workers, workersBefore(folder.workers)));
}

/** When the calls of the former ones were ended. */
export function rememberWorkers({ workers: path }: Pick<DataFolder, 'workers'>, workers: number): void {
  if (workers <= 1) rmSync(path, { force: true });
  else writeFileSync(path, `${workers}\n`, { mode: 0o600 });
}

function workersBefore(path: string): number {
  try {
    const workers = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(workers) ? workers : 1;
  } catch {
    return 1;
  }
}
