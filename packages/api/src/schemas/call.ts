import {
  CALL_STATES,
  type CallEvent,
  type CallFilter,
  type CallRecord,
  type Json,
  type OutboundOrder,
  type TranscriptTurn,
  TURN_STAGES,
  type TurnStage,
} from '@rapida/core';
import { z } from 'zod';
import { entityIdSchema, pageQuery, restorePlus, timeSchema, toTime, toTimeOrNull } from './fields.js';

/** Described as anything: the recursion of `z.json()` leaves a reference to nothing in the description. */
const jsonSchema = z.unknown() as z.ZodType<Json>;

const outboundSchema = z
  .object({
    notBefore: timeSchema,
    attempt: z.int().describe('Times it was dialled so far'),
    attemptsMax: z.int(),
    mode: z.enum(['dialplan', 'stasis']).nullable().describe('Of the last attempt; null: none yet'),
    credentialId: z.string().nullable().describe('Of the last attempt; null: none yet'),
  })
  .meta({ id: 'Outbound' });

export const callSchema = z
  .object({
    id: z.string(),
    assistantId: z.string(),
    contextId: z.string(),
    direction: z.enum(['inbound', 'outbound']),
    state: z.enum(CALL_STATES),
    from: z.string(),
    to: z.string().nullable(),
    channelId: z.string().nullable(),
    metadata: z.record(z.string(), z.string()),
    args: z
      .record(z.string(), z.string())
      .describe('Values for what the assistant says, of the request that placed it'),
    outbound: outboundSchema.nullable().describe('null: the call came in'),
    transport: z.enum(['audiosocket', 'websocket']).nullable(),
    format: z.string().nullable(),
    createdAt: timeSchema,
    connectedAt: timeSchema.nullable(),
    endedAt: timeSchema.nullable(),
    disconnectedBy: z.enum(['user', 'assistant', 'system']).nullable(),
    reason: z.string().nullable().describe('A stable word: why it ended'),
    directive: z.string().nullable().describe('What the dialplan does after the media'),
    hasRecording: z.boolean(),
  })
  .meta({ id: 'Call' });

export const callEventSchema = z
  .object({ seq: z.int(), type: z.string(), at: timeSchema, data: z.record(z.string(), jsonSchema) })
  .meta({ id: 'CallEvent' });

export const transcriptTurnSchema = z
  .object({
    role: z.enum(['user', 'assistant']),
    text: z.string().describe('What was heard'),
    startMs: z.number().describe('From the moment media connected'),
    endMs: z.number(),
    interrupted: z.boolean(),
    metrics: z.partialRecord(z.enum(Object.keys(TURN_STAGES) as TurnStage[]), z.number()).describe('ms'),
  })
  .meta({ id: 'TranscriptTurn' });

export const callMetricSchema = z.object({ name: z.string(), value: jsonSchema }).meta({ id: 'CallMetric' });

const instant = z.iso.datetime({ offset: true });

export const callListQuery = pageQuery.extend({
  state: z.enum(CALL_STATES).optional(),
  assistantId: entityIdSchema.optional(),
  direction: z.enum(['inbound', 'outbound']).optional(),
  from: z.string().min(1).max(256).optional().describe('Exactly this caller'),
  since: instant.optional().describe('Created at this moment or later'),
  until: instant.optional().describe('Created before this moment'),
});

export function toFilter({
  state,
  assistantId,
  direction,
  from,
  since,
  until,
}: z.output<typeof callListQuery>): CallFilter {
  return {
    ...(state !== undefined && { state }),
    ...(assistantId !== undefined && { assistantId }),
    ...(direction !== undefined && { direction }),
    ...(from !== undefined && { from: restorePlus(from) }),
    ...(since !== undefined && { sinceMs: Date.parse(since) }),
    ...(until !== undefined && { untilMs: Date.parse(until) }),
  };
}

export function toCall(call: CallRecord): z.output<typeof callSchema> {
  const { id, assistantId, contextId, direction, state, from, to, channelId, metadata, args, transport, format } = call;
  return {
    ...{ id, assistantId, contextId, direction, state, from, to, channelId, metadata, args, transport, format },
    outbound: call.outbound === null ? null : toOutbound(call.outbound),
    createdAt: toTime(call.createdAtMs),
    connectedAt: toTimeOrNull(call.connectedAtMs),
    endedAt: toTimeOrNull(call.endedAtMs),
    disconnectedBy: call.disconnectedBy,
    reason: call.reason,
    directive: call.directive,
    hasRecording: call.recording !== null,
  };
}

function toOutbound({ notBeforeMs, attempt, attemptsMax, dialed }: OutboundOrder): z.output<typeof outboundSchema> {
  return {
    notBefore: toTime(notBeforeMs),
    attempt,
    attemptsMax,
    mode: dialed?.mode ?? null,
    credentialId: dialed?.credentialId ?? null,
  };
}

export function toCallEvent({ seq, type, atMs, data }: CallEvent) {
  return { seq, type, at: toTime(atMs), data };
}

export function toTranscriptTurn({ role, text, startMs, endMs, interrupted, metrics }: TranscriptTurn) {
  return { role, text, startMs, endMs, interrupted, metrics };
}
