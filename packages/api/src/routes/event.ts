import type { MediaUseCases } from '@rapida/calls';
import type { Clock } from '@rapida/core';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { keyIn } from '../access.js';
import type { ApiInstance } from '../api-instance.js';
import { readEventReport } from '../event-report.js';
import { JSON_OR_FORM, readForms } from '../forms.js';
import { inTime } from '../in-time.js';
import { noContent, publicErrors } from '../openapi.js';

const text = z.union([z.string(), z.array(z.string())]).optional();

const SCHEMA = {
  tags: ['asterisk'],
  summary: 'Takes down what a dialplan or a PBX tells of a call; can move one that has no media',
  params: z.object({ contextId: z.string() }),
  querystring: z
    .looseObject({ type: text.describe('Name of the event, up to 100 characters; or `event`'), event: text })
    .describe('Everything else is kept with the event, up to 16 KiB as JSON'),
  response: { 201: noContent, ...publicErrors('event_type_missing', 'context_unknown', 'body_too_large') },
};
const BODY = z.record(z.string(), z.unknown()).nullish().describe('The same, JSON or a form; the query wins');

export interface EventDependencies {
  readonly media: Pick<MediaUseCases, 'report'>;
  readonly clock: Clock;
  readonly answerMsMax: number;
  readonly eventBytesMax: number;
}

/** The context id is the secret, as it is for the media. Wants an encapsulation of its own: it reads forms. */
export function addEventRoutes(api: ApiInstance, dependencies: EventDependencies): void {
  const { media, clock, answerMsMax, eventBytesMax } = dependencies;
  readForms(api);

  type Request = Pick<FastifyRequest, 'query' | 'body' | 'headers'> & {
    readonly params: { readonly contextId: string };
  };
  async function report(request: Request): Promise<void> {
    const { params, headers } = request;
    const query = request.query as Record<string, unknown>;
    const body = (request.body ?? {}) as typeof query;
    const { type, fields } = readEventReport(query, body, keyIn(headers, query), eventBytesMax);
    await inTime(clock, answerMsMax, media.report(params.contextId, type, fields));
  }

  const url = '/v1/talk/asterisk/ctx/:contextId/event';
  const config = { access: 'public' } as const;
  api.get(url, { config, schema: { ...SCHEMA, operationId: 'reportEvent' } }, async (request, reply) => {
    await report(request);
    return reply.code(201).send();
  });
  const schema = { ...SCHEMA, body: BODY, consumes: JSON_OR_FORM, operationId: 'reportEventByPost' };
  api.post(url, { config, bodyLimit: eventBytesMax, schema }, async (request, reply) => {
    await report(request);
    return reply.code(201).send();
  });
}
