import type { Admission } from './admission.js';
import type { LiveCalls } from './live-calls.js';
import type { StoreHealth } from './store-health.js';
import type { HealthUseCases } from './use-cases.js';

export interface HealthDependencies {
  readonly admission: Admission;
  readonly health: StoreHealth;
  readonly live: LiveCalls;
}

export function createHealthUseCases({ admission, health, live }: HealthDependencies): HealthUseCases {
  return {
    notReady() {
      if (admission.draining) return 'draining';
      return health.failing ? 'the store failed a moment ago' : undefined;
    },
    get liveCalls() {
      return live.count;
    },
  };
}
