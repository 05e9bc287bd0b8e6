import type { Admission } from './admission.js';
import type { CallSpool } from './call-spool.js';
import type { LiveCalls } from './live-calls.js';
import type { StoreHealth } from './store-health.js';
import type { HealthUseCases } from './use-cases.js';

export interface HealthDependencies {
  readonly admission: Admission;
  readonly health: StoreHealth;
  readonly live: LiveCalls;
  readonly spool: CallSpool;
}

export function createHealthUseCases({ admission, health, live, spool }: HealthDependencies): HealthUseCases {
  return {
    notReady() {
      if (admission.draining) return 'draining';
      if (!health.failing) return undefined;
      const waiting = spool.entries === 0 ? '' : `; ${spool.entries} writes of calls wait on the disk`;
      return `the store failed a moment ago${waiting}`;
    },
    get storeFails() {
      return health.failing;
    },
    get liveCalls() {
      return live.count;
    },
  };
}
