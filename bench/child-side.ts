import { systemClock } from '@rapida/core';
import type { Usage } from './child.js';

/** The other half of `child.ts`, for the process that was started. */
export function planOfParent<Plan>(): Plan {
  return JSON.parse(process.argv[2] ?? '{}') as Plan;
}

/** Says that it is ready, then answers: `usage`, `memory` and the questions of the process. Ends with its parent. */
export function answerParent(ready: object, answers: Readonly<Record<string, () => object>> = {}): void {
  process.on('message', (question) => {
    const answer = { usage: usageNow, memory: usageAfterCollection, ...answers }[String(question)];
    if (answer === undefined) throw new Error(`unknown question: ${String(question)}`);
    process.send?.(answer());
  });
  process.on('disconnect', () => process.exit());
  process.send?.(ready);
}

function usageNow(): Usage {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    atMs: systemClock.nowMs(),
    cpuMs: (user + system) / 1000,
    rssBytes: rss,
    heapBytes: heapUsed + external,
  };
}

function usageAfterCollection(): Usage {
  globalThis.gc?.();
  globalThis.gc?.();
  return usageNow();
}
