import { describe, expect, it } from 'vitest';
import { leastLoaded } from './spread.js';

interface Worker {
  readonly name: string;
  calls: number;
  connections: number;
}

/** What becomes of many calls, each of which does the same. */
function spreadOf(workers: number, calls: number, eachCall: (give: () => Worker) => void): readonly number[] {
  const all: Worker[] = Array.from({ length: workers }, (_, n) => ({ name: String(n), calls: 0, connections: 0 }));
  const give = (): Worker => {
    const worker = leastLoaded(all);
    if (worker === undefined) throw new Error('there are some');
    all.push(...all.splice(all.indexOf(worker), 1));
    worker.connections++;
    return worker;
  };
  for (let n = 0; n < calls; n++) eachCall(give);
  return all.map((worker) => worker.calls).sort((a, b) => a - b);
}

describe('connections', () => {
  it('go to the worker with the least on it, of several the one that waited longest', () => {
    const [busy, idle] = [
      { calls: 1, connections: 0 },
      { calls: 0, connections: 0 },
    ];
    expect(leastLoaded([busy, idle, { ...idle }])).toBe(idle);
    expect(leastLoaded([{ calls: 0, connections: 4 }, busy])).toBe(busy);
    expect(leastLoaded([])).toBeUndefined();
  });

  it.each([2, 3, 4, 8])(
    'give %i workers nearly the same calls where each makes a request, which stays open, and then connects its media',
    (workers) => {
      const calls = spreadOf(workers, 40 * workers, (give) => {
        give();
        give().calls++;
      });
      expect((calls.at(-1) ?? 0) - (calls[0] ?? 0)).toBeLessThanOrEqual(2);
    },
  );

  it('give workers the same calls where requests close at once', () => {
    const calls = spreadOf(4, 200, (give) => {
      give().connections--;
      give().calls++;
    });
    expect(calls).toEqual([50, 50, 50, 50]);
  });

  it('that come all at once, before anybody has said what they are, are spread evenly', () => {
    const workers = [
      { calls: 10, connections: 10 },
      { calls: 11, connections: 11 },
    ];
    for (let n = 0; n < 100; n++) {
      const worker = leastLoaded(workers);
      if (worker !== undefined) worker.connections++;
    }
    const [fewer = 0, more = 0] = workers.map(({ connections }) => connections);
    expect(fewer - more).toBeLessThanOrEqual(5);
  });
});
