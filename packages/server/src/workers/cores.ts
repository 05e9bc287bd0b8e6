import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** In a container: microseconds of processor in each period, and the period; `max 100000` is no limit. */
const CONTROL_GROUP = '/sys/fs/cgroup/cpu.max';

/** How many workers `auto` is: one for each core that this process may use, and not more than its container may. */
export function workersFor(
  wanted: number | 'auto',
  cores: number = availableParallelism(),
  quota: string = controlGroup(),
): number {
  if (wanted !== 'auto') return wanted;
  const [limit, period] = quota.split(' ').map(Number);
  const allowed = limit && period ? Math.floor(limit / period) : cores;
  return Math.max(1, Math.min(cores, allowed));
}

function controlGroup(): string {
  try {
    return readFileSync(CONTROL_GROUP, 'utf8').trim();
  } catch {
    return '';
  }
}
