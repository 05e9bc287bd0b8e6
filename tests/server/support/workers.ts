import { readFileSync } from 'node:fs';
import { vi } from 'vitest';
import type { Api } from './api.js';
import { logLines, type ServedProcess } from './command.js';
import type { NodeJson } from './installation.js';

/** Process ids of the workers that this process has started and that are still there. */
export function workersOf({ child }: ServedProcess): readonly number[] {
  return readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

export function isRunning(pid: number): boolean {
  try {
    // One that has ended and was not yet waited for is still listed.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits until so many workers say that they hold so many calls together, and none of them none. */
export function seesCalls(api: Api, workers: number, calls: number): Promise<readonly NodeJson[]> {
  return vi.waitFor(
    async () => {
      const { data } = await api.get<{ data: NodeJson[] }>('/v1/nodes');
      const up = data.filter(({ state }) => state !== 'lost');
      const held = up.map((node) => node.calls);
      const isSpread = held.length === workers && held.every((some) => some > 0);
      if (!isSpread || held.reduce((sum, some) => sum + some, 0) !== calls)
        throw new Error(`there are ${JSON.stringify(data)}`);
      return up;
    },
    { timeout: 20_000, interval: 50 },
  );
}

/** How often this was logged. */
export function timesLogged({ stderr }: ServedProcess, message: string): number {
  return logLines(stderr()).filter(({ msg }) => msg === message).length;
}
