import type { Telemetry } from '@rapida/core';
import type { WorkerSeat } from './seat.js';

/** The primary process is told how many calls are held here, as often as that changes: it gives connections by that. */
export function tellingCalls(telemetry: Telemetry, { holds }: Pick<WorkerSeat, 'holds'>): Telemetry {
  return {
    ...telemetry,
    gauge(name, value, labels) {
      telemetry.gauge(name, value, labels);
      if (name === 'rapida_calls_live') holds(value);
    },
  };
}
