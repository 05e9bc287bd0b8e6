import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { Code, ConnectError, type ContextValues, createContextValues, type Interceptor } from '@connectrpc/connect';
import type { UniversalServerRequest, UniversalServerResponse } from '@connectrpc/connect/protocol';
import { setTrailerStatus } from '@connectrpc/connect/protocol-grpc';
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from '@connectrpc/connect-node';
import type { UseCases } from '@rapida/calls';
import { type Clock, ERRORS, type Logger, RapidaError, type Telemetry } from '@rapida/core';
import { inTime } from '../in-time.js';
import { completeTrailer, toConnectError } from './grpc-errors.js';
import type { GrpcLimits } from './grpc-limits.js';
import { readBody } from './read-body.js';
import { REQUEST_ID } from './request-id.js';
import { createRpcs, type Rpc } from './rpc-router.js';
import { PROJECT_ID } from './talk-service.js';

export interface ListenerDependencies {
  readonly useCases: UseCases;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly limits: GrpcLimits;
  readonly requestId: () => string;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
}

/** How long a client that has its answer may go on sending what nobody will read; then it is told to stop. */
const LINGER_MS = 1_000;

type Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/**
 * Answers gRPC calls. It does what `connectNodeAdapter` does, and what that leaves out: the key is asked for before
 * anything of the message is read, everything has an end, and a malformed request is not an uncaught exception.
 */
export function createRpcListener(dependencies: ListenerDependencies): Listener {
  const { clock, limits, logger, requestId } = dependencies;
  const rpcs = createRpcs({ ...dependencies, interceptor: errorInterceptor(logger) });

  async function answer(request: Http2ServerRequest, rpc: Rpc | undefined, id: string) {
    if (rpc === undefined) return completed(unknownMethod(id), (trailer) => completeTrailer(trailer, id, 0));
    const contextValues = createContextValues().set(REQUEST_ID, id);
    const universal = universalRequestFromNodeRequest(request, undefined, contextValues);
    // The client keeps its deadline itself; here it would be a timer of any length.
    universal.header.delete('grpc-timeout');
    const admit = rpc.guarded ? () => admitKey(dependencies, universal, contextValues) : async () => {};
    const body = readBody(universal.body as AsyncIterable<Uint8Array>, {
      admit: () => admit().catch((thrown) => Promise.reject(failure(thrown, logger, id))),
      late: () => toConnectError(new RapidaError('invalid_request', 'The request did not arrive in time.'), id),
      clock,
      limitMs: limits.requestMsMax,
    });
    const answered = await rpc.handle({ ...universal, body });
    return completed(answered, (trailer) => completeTrailer(trailer, id, rpc.messageBytesMax));
  }

  return (request, response) => {
    const id = requestId();
    const path = request.url?.split('?', 1)[0] ?? '';
    const rpc = rpcs.get(path);
    const { stream } = request;
    const cancel = () => stream.close(constants.NGHTTP2_CANCEL);
    let cut = rpc?.endless ? undefined : clock.setTimer(limits.callMsMax, cancel);
    const startedMs = clock.nowMs();
    let answered: UniversalServerResponse | undefined;
    stream.once('close', () => {
      cut?.cancel();
      observe(dependencies, { id, rpc: rpc && path, answered, durationMs: clock.nowMs() - startedMs });
    });
    stream.once('wantTrailers', () => {
      cut?.cancel();
      cut = clock.setTimer(LINGER_MS, () => stream.destroy());
    });
    answer(request, rpc, id)
      .then((made) => {
        answered = made;
        return universalResponseToNodeResponse(made, response);
      })
      // Not HTTP enough to be answered, or the client has gone.
      .catch(cancel);
  };
}

async function admitKey(
  { useCases, clock, limits }: ListenerDependencies,
  { header }: UniversalServerRequest,
  values: ContextValues,
): Promise<void> {
  const key = header.get('x-api-key') ?? '';
  if (key === '') throw new RapidaError('key_missing', 'Send an API key in the metadata x-api-key.');
  const { projectId } = await inTime(clock, limits.keyMsMax, useCases.keys.authenticate(key, ['calls']));
  values.set(PROJECT_ID, projectId);
}

function errorInterceptor(logger: Logger): Interceptor {
  return (next) => async (request) => {
    const convert = (thrown: unknown) => failure(thrown, logger, request.contextValues.get(REQUEST_ID));
    try {
      const response = await next(request);
      return response.stream ? { ...response, message: converted(response.message, convert) } : response;
    } catch (thrown) {
      throw convert(thrown);
    }
  };
}

async function* converted<T>(messages: AsyncIterable<T>, convert: (thrown: unknown) => ConnectError) {
  try {
    yield* messages;
  } catch (thrown) {
    throw convert(thrown);
  }
}

/** The only place an error of ours becomes an answer. */
function failure(thrown: unknown, logger: Logger, requestId: string): ConnectError {
  if (thrown instanceof ConnectError) return thrown;
  const error = RapidaError.from(thrown);
  const { code } = error;
  if (ERRORS[code].fault === 'us') {
    logger.error({ requestId, code, err: error.cause ?? error }, 'a gRPC call failed');
  }
  return toConnectError(error, requestId);
}

function unknownMethod(requestId: string): UniversalServerResponse {
  const error = new RapidaError('not_found', 'No such service or method.');
  const header = new Headers({ 'content-type': 'application/grpc' });
  return { status: 200, header, trailer: setTrailerStatus(new Headers(), toConnectError(error, requestId)) };
}

/** Trailers are known when the body has ended, and are sent then. */
function completed(
  { trailer, body, ...head }: UniversalServerResponse,
  complete: (trailer: Headers) => void,
): UniversalServerResponse {
  if (trailer === undefined) return { ...head, ...(body !== undefined && { body }) };
  async function* untilComplete(chunks: AsyncIterable<Uint8Array>, ended: Headers) {
    yield* chunks;
    complete(ended);
  }
  if (body !== undefined) return { ...head, trailer, body: untilComplete(body, trailer) };
  complete(trailer);
  return { ...head, trailer };
}

interface Observed {
  readonly id: string;
  /** Undefined: no such method; the path is what the client wrote, and is written nowhere. */
  readonly rpc: string | undefined;
  readonly answered: UniversalServerResponse | undefined;
  readonly durationMs: number;
}

/** One line and one count per call: `status` is the name of its gRPC status. */
function observe({ logger, telemetry }: ListenerDependencies, { id, rpc, answered, durationMs }: Observed): void {
  const grpcStatus = Number(answered?.trailer?.get('grpc-status') ?? Code.Canceled);
  const status = grpcStatus === 0 ? 'OK' : (Code[grpcStatus] ?? 'Unknown');
  const method = rpc ?? 'unknown';
  telemetry.count('rapida_grpc_requests_total', { method, status });
  logger.debug({ requestId: id, method, status, durationMs: Math.round(durationMs) }, 'gRPC call answered');
}
