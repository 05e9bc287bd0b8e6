import { Readable } from 'node:stream';
import type { LiveUseCases } from '@rapida/calls';
import { type Clock, type EntityId, type LiveEvent, type Logger, RapidaError, type Telemetry } from '@rapida/core';
import { z } from 'zod';
import type { Admit, Asking } from '../access.js';
import type { ApiInstance } from '../api-instance.js';
import { eventJson } from '../event-json.js';
import { type EventIds, EventMessages, eventIds, readEventId } from '../event-messages.js';
import { errors, noContent, textStreamResponse } from '../openapi.js';
import { entityIdSchema, toTime } from '../schemas/fields.js';

export interface CallStreamDependencies {
  readonly live: LiveUseCases;
  readonly admit: Admit;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** From one sign of life to the next. */
  readonly beatMs: number;
}

const MEDIA_TYPE = 'text/event-stream';
const SCOPES = ['calls'] as const;
const LAST_ID_CHARS_MAX = 100;

const querystring = z.object({
  callId: entityIdSchema
    .optional()
    .describe('Begins with the stored events of this call, and ends with its last event. Without it: all calls'),
  assistantId: entityIdSchema.optional().describe('Only calls of this assistant'),
  lastEventId: z
    .string()
    .max(LAST_ID_CHARS_MAX)
    .optional()
    .describe(
      '`id` of the last message that was read; the header `Last-Event-ID` wins. Of a call, the events after it',
    ),
});

/** What happens in calls as it happens, as Server-Sent Events. */
export function addCallStreamRoute(api: ApiInstance, dependencies: CallStreamDependencies): void {
  const open = new Set<EventMessages>();
  // Before the server waits for what is under way: a stream would be under way for ever.
  api.addHook('preClose', async () => {
    for (const messages of open) messages.end('server_shutdown');
  });
  api.get(
    '/v1/calls/stream',
    {
      config: { access: SCOPES },
      // What it would say of a stream is nothing that a GET would not say better.
      exposeHeadRoute: false,
      schema: {
        tags: ['calls'],
        summary: 'What happens in calls, as it happens: Server-Sent Events',
        description:
          'Each message has `id` (opaque), `event` (the type) and `data`: one JSON object ' +
          '`{"callId","assistantId","seq","type","at","data"}`. Stored events have their `seq`; what is only told (words as ' +
          'they are spoken, states) has null. Types: docs/reference/call-record.md. A comment line every 15 s keeps the ' +
          'connection. The last message is `stream.closed`.',
        operationId: 'streamCalls',
        querystring,
        response: {
          200: textStreamResponse('The stream', MEDIA_TYPE),
          204: noContent.describe('The call has ended, and nothing came after the last event that was read'),
          ...errors('call_not_found', 'too_many_streams'),
        },
      },
    },
    async (request, reply) => {
      const { projectId, keyId, query, headers } = request;
      const { callId, assistantId } = query;
      const last = lastIdOf(headers['last-event-id'], query.lastEventId);
      const afterSeq = last !== undefined && last.callId === callId ? last.seq : undefined;
      const stream = await dependencies.live.follow({ projectId, keyId, callId, assistantId, afterSeq });
      if (stream.isSpent || reply.raw.destroyed) {
        stream.close();
        return reply.code(204).send();
      }
      const asking = { method: 'GET', headers, query };
      const messages = new EventMessages(stream, {
        ...dependencies,
        format: formatOf(eventIds(afterSeq ?? 0)),
        closed: (reason) => closedMessage(reason, { callId, assistantId }, dependencies.clock.wallMs()),
        mayGoOn: () => mayGoOn(dependencies, asking),
        cut: () => reply.raw.destroy(),
      });
      open.add(messages);
      reply.raw.once('close', () => {
        open.delete(messages);
        messages.stop();
      });
      reply.type(`${MEDIA_TYPE}; charset=utf-8`).header('x-accel-buffering', 'no');
      return reply.send(Readable.from(messages.read(), { highWaterMark: 1 }));
    },
  );
}

function lastIdOf(header: string | string[] | undefined, query: string | undefined) {
  const given = typeof header === 'string' && header !== '' ? header : query;
  if (given === undefined || given === '') return undefined;
  const id = readEventId(given);
  if (id === undefined) {
    throw new RapidaError('invalid_request', 'lastEventId: is no id of a message of this stream');
  }
  return id;
}

/** A key that was revoked, or a session that is over, hears nothing more. What the store cannot say now, it says the next time. */
async function mayGoOn({ admit }: CallStreamDependencies, asking: Asking): Promise<boolean> {
  try {
    await admit(asking, SCOPES);
    return true;
  } catch (error) {
    return RapidaError.from(error).fault !== 'client';
  }
}

function formatOf(ids: EventIds): (event: LiveEvent) => string {
  return (event) => {
    const json = JSON.stringify(eventJson(event));
    // A dialplan may report events of any name.
    return `id: ${ids(event)}\nevent: ${event.type.replace(/[\r\n\0]/g, ' ')}\ndata: ${json}\n\n`;
  };
}

function closedMessage(
  reason: string,
  whose: { readonly callId?: EntityId | undefined; readonly assistantId?: EntityId | undefined },
  atMs: number,
): string {
  // Of no call where all are followed: empty, for clients that read texts.
  const { callId = '', assistantId = '' } = whose;
  const type = 'stream.closed';
  const json = JSON.stringify({ callId, assistantId, seq: null, type, at: toTime(atMs), data: { reason } });
  return `event: ${type}\ndata: ${json}\n\n`;
}
