import type { HealthUseCases } from '@rapida/calls';
import { RapidaError } from '@rapida/core';
import { z } from 'zod';
import type { ApiInstance } from '../api-instance.js';
import { errorBody, RETRY_AFTER_SECONDS } from '../error-mapping.js';
import { errorResponse, publicErrors, textResponse } from '../openapi.js';

const PUBLIC = { access: 'public' } as const;

export function addHealthRoutes(api: ApiInstance, health: HealthUseCases, metricsText: () => Promise<string>): void {
  const tags = ['health'];
  api.get(
    '/healthz',
    {
      config: PUBLIC,
      schema: {
        tags,
        summary: 'The process answers',
        operationId: 'health',
        response: { 200: z.object({ status: z.literal('ok'), liveCalls: z.int() }), ...publicErrors() },
      },
    },
    async () => ({ status: 'ok' as const, liveCalls: health.liveCalls }),
  );
  api.get(
    '/readyz',
    {
      config: PUBLIC,
      schema: {
        tags,
        summary: 'New calls may be sent here',
        operationId: 'readiness',
        response: {
          200: z.object({ status: z.literal('ready') }),
          503: errorResponse('draining, store_failed'),
          ...publicErrors(),
        },
      },
    },
    async (request, reply) => {
      const reason = health.notReady();
      if (reason === undefined) return { status: 'ready' as const };
      // Not thrown: an answer to a question, and no failure for the log, once a second.
      const error = new RapidaError(reason === 'draining' ? reason : 'store_failed', `Not ready: ${reason}`);
      reply.header('retry-after', String(RETRY_AFTER_SECONDS));
      return reply.code(503).send(errorBody(error, request.id));
    },
  );
  api.get(
    '/metrics',
    {
      config: PUBLIC,
      schema: {
        tags,
        summary: 'Metrics for Prometheus',
        operationId: 'metrics',
        response: { 200: textResponse('Prometheus text format'), ...publicErrors() },
      },
    },
    async (_request, reply) => {
      reply.type('text/plain; version=0.0.4; charset=utf-8');
      return metricsText();
    },
  );
}
