import { ERRORS, type Logger, RapidaError } from '@rapida/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorBody, HTTP_STATUS, retryAfterSeconds, toRapidaError } from './error-mapping.js';

/** Names the error's code where the body has to stay empty; sent with every error. */
export const ERROR_HEADER = 'x-rapida-error';

export type SendError = (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** The only place an error is written from. `bodyOf` says in which shape. */
export function createSendError(
  logger: Logger,
  bodyOf: (error: RapidaError, requestId: string) => object = errorBody,
): SendError {
  return (thrown, request, reply) => {
    const error = toRapidaError(thrown);
    if (isOurs(error)) {
      const { url: route = 'unknown' } = request.routeOptions;
      const fields = { requestId: request.id, route, code: error.code, err: error.cause ?? error };
      logger.error(fields, 'a request failed');
    }
    const status = HTTP_STATUS[error.code];
    setSafetyHeaders(reply, request).code(status).header(ERROR_HEADER, error.code);
    if (status === 503 || status === 429) reply.header('retry-after', String(retryAfterSeconds(error.code)));
    // CURL() of a dialplan hands the body of an error on as if it were the answer.
    if (isAsteriskCurl(request)) return reply.removeHeader('content-type').send();
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(bodyOf(error, request.id)));
  };
}

/** Beside the headers of every answer: nothing here is to be guessed at or kept by a cache. */
export function setSafetyHeaders(reply: FastifyReply, request: FastifyRequest): FastifyReply {
  return reply
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-store')
    .header('x-request-id', request.id);
}

export function notFound(): never {
  throw new RapidaError('not_found');
}

function isOurs(error: RapidaError): boolean {
  return ERRORS[error.code].fault === 'us';
}

/** Asterisk func_curl.c sets this and offers no way to change it. */
function isAsteriskCurl(request: FastifyRequest): boolean {
  return request.headers['user-agent']?.startsWith('asterisk-libcurl-agent/') ?? false;
}
