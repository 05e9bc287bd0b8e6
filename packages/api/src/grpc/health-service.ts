import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import type { HealthUseCases } from '@rapida/calls';
import { type Clock, RapidaError, sleep } from '@rapida/core';
import { type Health, HealthCheckResponse_ServingStatus as Status } from '../../proto/gen/grpc/health/v1/health_pb.js';
import { TalkService } from '../../proto/gen/talk-api_pb.js';

const WATCH_INTERVAL_MS = 1_000;
/** The empty name is the server as a whole. */
const SERVICES: ReadonlySet<string> = new Set(['', TalkService.typeName]);

export interface HealthDependencies {
  readonly health: HealthUseCases;
  readonly clock: Clock;
  readonly watchersMax: number;
}

/** Serving while new calls may be sent here. A watch ends with its client, or with the server. */
export function createHealthService({ health, clock, watchersMax }: HealthDependencies): ServiceImpl<typeof Health> {
  let watchers = 0;

  function statusOf(service: string): Status {
    if (!SERVICES.has(service)) return Status.SERVICE_UNKNOWN;
    return health.notReady() === undefined ? Status.SERVING : Status.NOT_SERVING;
  }

  async function* watch(service: string, signal: AbortSignal) {
    if (watchers >= watchersMax) throw new RapidaError('too_many_connections', 'Too many health watches.');
    watchers++;
    try {
      let told: Status | undefined;
      while (!signal.aborted) {
        const status = statusOf(service);
        if (status !== told) yield { status };
        told = status;
        await sleep(clock, WATCH_INTERVAL_MS, signal);
      }
    } finally {
      watchers--;
    }
  }

  return {
    check({ service }) {
      const status = statusOf(service);
      if (status !== Status.SERVICE_UNKNOWN) return { status };
      throw new ConnectError(`There is no service "${service.slice(0, 100)}" here.`, Code.NotFound);
    },
    watch: ({ service }, { signal }) => watch(service, signal),
  };
}
