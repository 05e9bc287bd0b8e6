import type { CallUseCases } from '@rapida/calls';
import { phoneDeploymentSchema } from '@rapida/core';
import { z } from 'zod';
import type { ApiInstance } from '../api-instance.js';
import { errors, noContent } from '../openapi.js';
import {
  callEventSchema,
  callListQuery,
  callMetricSchema,
  callSchema,
  toCall,
  toCallEvent,
  toFilter,
  toTranscriptTurn,
  transcriptTurnSchema,
} from '../schemas/call.js';
import { idParams, listOf } from '../schemas/fields.js';

const ACCESS = { access: ['calls'] } as const;
/** Longest text that can be said into a call at once. */
const SAY_CHARS_MAX = 2_000;
const targetSchema = phoneDeploymentSchema.shape.transferTargets.unwrap().element;

export function addCallRoutes(api: ApiInstance, calls: CallUseCases): void {
  const tags = ['calls'];
  api.get(
    '/v1/calls',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Calls, newest first',
        operationId: 'listCalls',
        querystring: callListQuery,
        response: { 200: listOf(callSchema), ...errors() },
      },
    },
    async ({ projectId, query }) => {
      const page = await calls.list(projectId, toFilter(query), query.limit, query.cursor ?? null);
      return { data: page.data.map(toCall), nextCursor: page.nextCursor };
    },
  );
  api.get(
    '/v1/calls/:id',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'One call',
        operationId: 'getCall',
        params: idParams,
        response: { 200: callSchema, ...errors('call_not_found') },
      },
    },
    async ({ projectId, params }) => toCall(await calls.get(projectId, params.id)),
  );
  addDetailRoutes(api, calls);
  addSteeringRoutes(api, calls);
}

/** Lists of one call are whole: they have one page. */
function addDetailRoutes(api: ApiInstance, calls: CallUseCases): void {
  const schema = { tags: ['calls'], params: idParams };
  api.get(
    '/v1/calls/:id/events',
    {
      config: ACCESS,
      schema: {
        ...schema,
        summary: 'What happened in the call, in order',
        operationId: 'listCallEvents',
        response: { 200: listOf(callEventSchema), ...errors('call_not_found') },
      },
    },
    async ({ projectId, params }) => {
      const events = await calls.events(projectId, params.id);
      return { data: events.map(toCallEvent), nextCursor: null };
    },
  );
  api.get(
    '/v1/calls/:id/transcript',
    {
      config: ACCESS,
      schema: {
        ...schema,
        summary: 'What was heard, in order',
        operationId: 'getTranscript',
        response: { 200: listOf(transcriptTurnSchema), ...errors('call_not_found') },
      },
    },
    async ({ projectId, params }) => {
      const turns = await calls.transcript(projectId, params.id);
      return { data: turns.map(toTranscriptTurn), nextCursor: null };
    },
  );
  api.get(
    '/v1/calls/:id/metrics',
    {
      config: ACCESS,
      schema: {
        ...schema,
        summary: 'Figures of the call',
        operationId: 'listCallMetrics',
        response: { 200: listOf(callMetricSchema), ...errors('call_not_found') },
      },
    },
    async ({ projectId, params }) => {
      const metrics = await calls.metrics(projectId, params.id);
      return { data: metrics.map(({ name, value }) => ({ name, value })), nextCursor: null };
    },
  );
}

function addSteeringRoutes(api: ApiInstance, calls: CallUseCases): void {
  const failures = ['call_not_found', 'call_ended', 'call_not_live', 'node_gone', 'body_too_large'] as const;
  const response = { 204: noContent, ...errors(...failures) };
  const schema = { tags: ['calls'], params: idParams, response };
  api.post(
    '/v1/calls/:id/hangup',
    {
      config: ACCESS,
      schema: {
        ...schema,
        summary: 'Ends a live call after what is being said; cancels one that waits or is being dialled',
        operationId: 'hangupCall',
      },
    },
    async ({ projectId, params }, reply) => {
      await calls.hangup(projectId, params.id);
      return reply.code(204).send();
    },
  );
  api.post(
    '/v1/calls/:id/say',
    {
      config: ACCESS,
      schema: {
        ...schema,
        summary: 'Says a text into a live call',
        operationId: 'sayIntoCall',
        body: z.object({ text: z.string().trim().min(1).max(SAY_CHARS_MAX) }),
      },
    },
    async ({ projectId, params, body }, reply) => {
      await calls.say(projectId, params.id, body.text);
      return reply.code(204).send();
    },
  );
  api.post(
    '/v1/calls/:id/transfer',
    {
      config: ACCESS,
      schema: {
        ...schema,
        summary: 'Ends a live call after what is being said and hands it to another place of the dialplan',
        operationId: 'transferCall',
        body: z.object({ target: targetSchema.describe('`context,exten,priority`, on the list of the deployment') }),
        response: { 204: noContent, ...errors('transfer_not_allowed', ...failures) },
      },
    },
    async ({ projectId, params, body }, reply) => {
      await calls.transfer(projectId, params.id, body.target);
      return reply.code(204).send();
    },
  );
}
