import { type Logger, RapidaError, type Telemetry } from '@rapida/core';
import type { FastifyInstance } from 'fastify';
import { setSafetyHeaders } from './error-reply.js';

/**
 * One line and one count per answer, by the route's pattern: what the client wrote into path and query may be a key, a
 * context id or a caller, and is written nowhere.
 */
export function observeRequests(
  fastify: FastifyInstance,
  { logger, telemetry, targetCharsMax }: { logger: Logger; telemetry: Telemetry; targetCharsMax: number },
): void {
  fastify.addHook('onRequest', async (request, reply) => {
    setSafetyHeaders(reply, request);
    if ((request.raw.url ?? '').length > targetCharsMax) {
      throw new RapidaError('invalid_request', `Path and query are longer than ${targetCharsMax} characters.`);
    }
  });
  fastify.addHook('onResponse', async (request, reply) => {
    const { method, id: requestId } = request;
    const { url: route = 'unknown' } = request.routeOptions;
    const { statusCode: status } = reply;
    telemetry.count('rapida_http_requests_total', { route, status: String(status) });
    logger.debug({ requestId, method, route, status, durationMs: Math.round(reply.elapsedTime) }, 'request answered');
  });
}
