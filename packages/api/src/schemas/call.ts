import {
  CALL_STATES,
  type CallAnalysis,
  type CallEvent,
  type CallFilter,
  type CallOverrides,
  type CallPartsFilter,
  type CallRecord,
  callOverridesSchema,
  type Json,
  type OutboundOrder,
  overriddenFields,
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

const overridesSchema = z
  .object({
    fields: z.array(z.string()).describe('What it had otherwise than its assistant'),
    values: callOverridesSchema.omit({ instructions: true }).describe('The instructions are not shown'),
  })
  .meta({ id: 'CallOverridesShown' });

const analysisSchema = z
  .object({
    state: z.enum(['pending', 'done', 'failed']),
    summary: z.string().nullable(),
    extraction: z.record(z.string(), jsonSchema).nullable().describe('By the schema of the assistant'),
    success: z.object({ outcome: z.enum(['yes', 'no', 'unknown']), reason: z.string() }).nullable(),
    error: z.string().nullable().describe('The code of why there is none'),
  })
  .describe('What a language model made of the call when it had ended; a part that was not wanted is null')
  .meta({ id: 'CallAnalysis' });

export const callSchema = z
  .object({
    id: z.string(),
    assistantId: z.string(),
    assistantVersion: z
      .int()
      .nullable()
      .describe('The version it began with and keeps; null: of before there were any'),
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
    overrides: overridesSchema.nullable().describe('null: nothing'),
    outbound: outboundSchema.nullable().describe('null: the call came in'),
    transport: z.enum(['audiosocket', 'websocket', 'browser']).nullable(),
    format: z.string().nullable(),
    createdAt: timeSchema,
    connectedAt: timeSchema.nullable(),
    endedAt: timeSchema.nullable(),
    disconnectedBy: z.enum(['user', 'assistant', 'system']).nullable(),
    reason: z.string().nullable().describe('A stable word: why it ended'),
    directive: z.string().nullable().describe('What the dialplan does after the media'),
    hasRecording: z.boolean(),
    resumes: z.int().describe('Times it was taken up again after the server that held it had died'),
    nodeId: z.string().describe('Who holds it, or held it last'),
    analysis: analysisSchema.nullable().describe('null: none was wanted, or there was nothing to analyse'),
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
    unheard: z
      .string()
      .optional()
      .describe('Of an assistant that was interrupted: what it was about to say, as far as it was known'),
    metrics: z.partialRecord(z.enum(Object.keys(TURN_STAGES) as TurnStage[]), z.number()).describe('ms'),
  })
  .meta({ id: 'TranscriptTurn' });

export const callMetricSchema = z.object({ name: z.string(), value: jsonSchema }).meta({ id: 'CallMetric' });

const instant = z.iso.datetime({ offset: true });
const TEXT_CHARS_MAX = 200;

export const callListQuery = pageQuery.extend({
  state: z.enum(CALL_STATES).optional(),
  assistantId: entityIdSchema.optional(),
  direction: z.enum(['inbound', 'outbound']).optional(),
  from: z.string().min(1).max(256).optional().describe('Exactly this caller'),
  to: z.string().min(1).max(256).optional().describe('Exactly this number was called'),
  since: instant.optional().describe('Created at this moment or later'),
  until: instant.optional().describe('Created before this moment'),
  live: z.literal('true').optional().describe('Those that have not ended'),
  text: z
    .string()
    .trim()
    .min(1)
    .max(TEXT_CHARS_MAX)
    .optional()
    .describe(
      'Somebody said this, in one turn; small and capital letters are the same. With this and the following, 500 calls are ' +
        'looked into for a page, which may have fewer than `limit`, or none: go on with its cursor',
    ),
  interrupted: z.literal('true').optional().describe('Somebody was interrupted'),
  event: z.string().min(1).max(TEXT_CHARS_MAX).optional().describe('With an event of this type'),
  slowerThanMs: z.coerce.number().min(0).optional().describe('With an answer that took at least so long'),
});

export function toFilter({
  state,
  assistantId,
  direction,
  from,
  to,
  since,
  until,
  live,
  ...parts
}: z.output<typeof callListQuery>): CallFilter {
  const asked = toPartsFilter(parts);
  return {
    ...(live !== undefined && { live: true }),
    ...(asked !== undefined && { parts: asked }),
    ...(state !== undefined && { state }),
    ...(assistantId !== undefined && { assistantId }),
    ...(direction !== undefined && { direction }),
    ...(from !== undefined && { from: restorePlus(from) }),
    ...(to !== undefined && { to: restorePlus(to) }),
    ...(since !== undefined && { sinceMs: Date.parse(since) }),
    ...(until !== undefined && { untilMs: Date.parse(until) }),
  };
}

function toPartsFilter({
  text,
  interrupted,
  event,
  slowerThanMs,
}: Pick<z.output<typeof callListQuery>, 'text' | 'interrupted' | 'event' | 'slowerThanMs'>):
  | CallPartsFilter
  | undefined {
  const parts: CallPartsFilter = {
    ...(text !== undefined && { text }),
    ...(interrupted !== undefined && { interrupted: true }),
    ...(event !== undefined && { event }),
    ...(slowerThanMs !== undefined && { slowerThanMs }),
  };
  return Object.keys(parts).length === 0 ? undefined : parts;
}

export function toCall(call: CallRecord): z.output<typeof callSchema> {
  const { id, assistantId, contextId, direction, state, from, to, channelId, metadata, args, transport, format } = call;
  return {
    ...{ assistantVersion: call.assistantVersion, overrides: toOverrides(call.overrides) },
    ...{ id, assistantId, contextId, direction, state, from, to, channelId, metadata, args, transport, format },
    outbound: call.outbound === null ? null : toOutbound(call.outbound),
    createdAt: toTime(call.createdAtMs),
    connectedAt: toTimeOrNull(call.connectedAtMs),
    endedAt: toTimeOrNull(call.endedAtMs),
    disconnectedBy: call.disconnectedBy,
    reason: call.reason,
    directive: call.directive,
    hasRecording: call.recording !== null,
    resumes: call.resumes,
    nodeId: call.nodeId,
    analysis: toAnalysis(call.analysis),
  };
}

function toOverrides(overrides: CallOverrides | null): z.output<typeof callSchema>['overrides'] {
  if (overrides === null) return null;
  const { instructions: _, ...values } = overrides;
  return { fields: [...overriddenFields(overrides)], values };
}

function toAnalysis(analysis: CallAnalysis | null): z.output<typeof callSchema>['analysis'] {
  if (analysis === null) return null;
  const nothing = { summary: null, extraction: null, success: null, error: null };
  if (analysis.state === 'pending') return { ...nothing, state: 'pending' };
  return { ...nothing, ...analysis };
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

export function toTranscriptTurn({ role, text, startMs, endMs, interrupted, unheard, metrics }: TranscriptTurn) {
  return { role, text, startMs, endMs, interrupted, ...(unheard !== undefined && { unheard }), metrics };
}
