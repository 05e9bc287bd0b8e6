import type {
  CallAnalysis,
  CallEvent,
  CallMetric,
  CallPatch,
  CallRecord,
  OutboundOrder,
  TranscriptTurn,
} from '@rapida/core';
import type { Insertable, Selectable, Updateable } from 'kysely';
import { fromStoredId, toStoredId } from '../database/stored-id.js';
import type { CallEventTable, CallMetricTable, CallTable, CallTurnTable } from '../database/tables.js';

export function callToRow(call: CallRecord): Insertable<CallTable> {
  return {
    id: toStoredId(call.id),
    project_id: toStoredId(call.projectId),
    assistant_id: toStoredId(call.assistantId),
    assistant_version: call.assistantVersion,
    context_id: call.contextId,
    direction: call.direction,
    state: call.state,
    from_number: call.from,
    to_number: call.to,
    channel_id: call.channelId,
    metadata: JSON.stringify(call.metadata),
    args: JSON.stringify(call.args),
    overrides: call.overrides && JSON.stringify(call.overrides),
    ...orderColumns(call.outbound),
    transport: call.transport,
    format: call.format,
    created_at_ms: call.createdAtMs,
    connected_at_ms: call.connectedAtMs,
    ended_at_ms: call.endedAtMs,
    disconnected_by: call.disconnectedBy,
    reason: call.reason,
    directive: call.directive,
    recording: call.recording,
    ...analysisColumns(call.analysis),
    node_id: call.nodeId,
    resumes: call.resumes,
  };
}

export function rowToCall(row: Selectable<CallTable>): CallRecord {
  return {
    id: fromStoredId(row.id),
    projectId: fromStoredId(row.project_id),
    assistantId: fromStoredId(row.assistant_id),
    assistantVersion: row.assistant_version,
    contextId: row.context_id,
    direction: row.direction,
    state: row.state,
    from: row.from_number,
    to: row.to_number,
    channelId: row.channel_id,
    metadata: JSON.parse(row.metadata),
    args: JSON.parse(row.args),
    overrides: row.overrides === null ? null : JSON.parse(row.overrides),
    outbound: row.outbound === null ? null : JSON.parse(row.outbound),
    transport: row.transport,
    format: row.format,
    createdAtMs: row.created_at_ms,
    connectedAtMs: row.connected_at_ms,
    endedAtMs: row.ended_at_ms,
    disconnectedBy: row.disconnected_by,
    reason: row.reason,
    directive: row.directive,
    recording: row.recording,
    analysis: row.analysis === null ? null : JSON.parse(row.analysis),
    nodeId: row.node_id,
    resumes: row.resumes,
  };
}

/** Only what a patch may change, and only what it names: `undefined` is left alone. */
export function patchToColumns(patch: CallPatch): Updateable<CallTable> {
  const columns: Updateable<CallTable> = {
    from_number: patch.from,
    to_number: patch.to,
    channel_id: patch.channelId,
    metadata: patch.metadata && JSON.stringify(patch.metadata),
    args: patch.args && JSON.stringify(patch.args),
    ...(patch.outbound !== undefined && orderColumns(patch.outbound)),
    transport: patch.transport,
    format: patch.format,
    connected_at_ms: patch.connectedAtMs,
    ended_at_ms: patch.endedAtMs,
    disconnected_by: patch.disconnectedBy,
    reason: patch.reason,
    directive: patch.directive,
    recording: patch.recording,
    ...(patch.analysis !== undefined && analysisColumns(patch.analysis)),
    node_id: patch.nodeId,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

/** Always both: the queue is read by a column of its own. */
function orderColumns(order: OutboundOrder | null) {
  return { outbound: order && JSON.stringify(order), not_before_ms: order?.notBeforeMs ?? null };
}

/** The same: what is pending is found by a column of its own. */
export function analysisColumns(analysis: CallAnalysis | null) {
  return { analysis: analysis && JSON.stringify(analysis), analysis_state: analysis?.state ?? null };
}

export function rowToEvent(row: Selectable<CallEventTable>): CallEvent {
  return { seq: row.seq, type: row.type, atMs: row.at_ms, data: JSON.parse(row.data) };
}

export function rowToTurn(row: Selectable<CallTurnTable>): TranscriptTurn {
  return {
    role: row.role,
    text: row.text,
    startMs: row.start_ms,
    endMs: row.end_ms,
    interrupted: row.interrupted === 1,
    ...(row.unheard !== null && { unheard: row.unheard }),
    metrics: JSON.parse(row.metrics),
  };
}

export function rowToMetric(row: Selectable<CallMetricTable>): CallMetric {
  return { name: row.name, value: JSON.parse(row.value) };
}
