import { type ConnectRouter, createConnectRouter, type Interceptor } from '@connectrpc/connect';
import type { UniversalHandler } from '@connectrpc/connect/protocol';
import { compressionGzip } from '@connectrpc/connect-node';
import type { UseCases } from '@rapida/calls';
import type { Clock } from '@rapida/core';
import { file_grpc_health_v1_health, Health } from '../../proto/gen/grpc/health/v1/health_pb.js';
import {
  file_grpc_reflection_v1_reflection,
  ServerReflection,
} from '../../proto/gen/grpc/reflection/v1/reflection_pb.js';
import {
  file_grpc_reflection_v1alpha_reflection,
  ServerReflection as ServerReflectionAlpha,
} from '../../proto/gen/grpc/reflection/v1alpha/reflection_pb.js';
import { file_talk_api, TalkService } from '../../proto/gen/talk-api_pb.js';
import type { GrpcLimits } from './grpc-limits.js';
import { createHealthService } from './health-service.js';
import { createReflectionService } from './reflection-service.js';
import { createTalkService } from './talk-service.js';

export interface RouterDependencies {
  readonly useCases: UseCases;
  readonly clock: Clock;
  readonly limits: GrpcLimits;
  /** Aborted when the server closes; ends the health watches. */
  readonly closing: AbortSignal;
  /** Makes what a handler threw an error with a status; told which call it was by the context. */
  readonly interceptor: Interceptor;
}

export interface Rpc {
  readonly handle: UniversalHandler;
  /** Whether a key with the scope `calls` is needed. */
  readonly guarded: boolean;
  /** Whether it may go on for ever. */
  readonly endless: boolean;
  readonly messageBytesMax: number;
}

/** Every method by its path. */
export function createRpcs(dependencies: RouterDependencies): ReadonlyMap<string, Rpc> {
  const { useCases, clock, limits, closing, interceptor } = dependencies;
  const router = createConnectRouter({
    grpc: true,
    grpcWeb: false,
    connect: false,
    acceptCompression: [compressionGzip],
    interceptors: [interceptor],
    shutdownSignal: closing,
  });
  const guarded = { readMaxBytes: limits.messageBytesMax };
  const open = { readMaxBytes: limits.publicMessageBytesMax };
  const files = [
    file_talk_api,
    file_grpc_health_v1_health,
    file_grpc_reflection_v1_reflection,
    file_grpc_reflection_v1alpha_reflection,
  ];
  const reflection = createReflectionService(files, limits.reflectionRequestsMax);
  const { health } = useCases;
  router.service(TalkService, createTalkService({ useCases, clock }), guarded);
  router.service(Health, createHealthService({ health, clock, watchersMax: limits.watchersMax }), open);
  router.service(ServerReflection, reflection, open);
  router.service(ServerReflectionAlpha, reflection, open);
  return rpcsOf(router, limits);
}

function rpcsOf({ handlers }: ConnectRouter, limits: GrpcLimits): Map<string, Rpc> {
  return new Map(
    handlers.map((handle) => {
      const guarded = handle.service.typeName === TalkService.typeName;
      const messageBytesMax = guarded ? limits.messageBytesMax : limits.publicMessageBytesMax;
      const endless = handle.method === Health.method.watch;
      return [handle.requestPath, { handle, guarded, endless, messageBytesMax }];
    }),
  );
}
