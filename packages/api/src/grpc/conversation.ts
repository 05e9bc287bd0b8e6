import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Timestamp, timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { PhoneCallOrder, PlacedCall } from '@rapida/calls';
import type { CallEvent, CallMetric, CallRecord, EntityId, Json, TranscriptTurn } from '@rapida/core';
import type { AssistantConversationMessageSchema, AssistantConversationSchema } from '../../proto/gen/common_pb.js';

type Conversation = MessageInitShape<typeof AssistantConversationSchema>;
type ConversationMessage = MessageInitShape<typeof AssistantConversationMessageSchema>;

/** What the platform of these clients calls the source of a telephone call. */
const SOURCE = 'phone-call';

/** `placedAtMs` is the moment of this answer: a repeated request gets a later one for the same call. */
export function placedConversation(
  placed: PlacedCall,
  { order, projectId, placedAtMs }: { order: PhoneCallOrder; projectId: EntityId; placedAtMs: number },
): Conversation {
  return {
    id: placed.id,
    assistantId: order.assistantId,
    projectId,
    identifier: placed.contextId,
    status: placed.state,
    direction: 'outbound',
    source: SOURCE,
    createdDate: timestamp(placedAtMs),
    metadata: metadata(order.metadata),
  };
}

export function conversation(
  call: CallRecord,
  { metrics, events }: { metrics: readonly CallMetric[]; events: readonly CallEvent[] },
): Conversation {
  const { id, assistantId, projectId, contextId, state, direction } = call;
  return {
    ...{ id, assistantId, projectId, direction },
    identifier: contextId,
    status: state,
    source: SOURCE,
    createdDate: timestamp(call.createdAtMs),
    updatedDate: timestamp(call.endedAtMs ?? call.connectedAtMs ?? call.createdAtMs),
    metadata: metadata(call.metadata),
    arguments: Object.entries(call.args).map(([name, value]) => ({ name, value })),
    metrics: metrics.map(({ name, value }) => ({ name, value: text(value) })),
    telephonyEvents: events.map(({ seq, type, atMs, data }) => ({
      id: String(seq),
      assistantConversationId: id,
      provider: 'asterisk',
      eventType: type,
      // The types differ in who may write to an object; this one is only read.
      payload: data as Record<string, never>,
      createdDate: timestamp(atMs),
      updatedDate: timestamp(atMs),
    })),
  };
}

/** `index` from 0: turns have no id of their own, and their order never changes. */
export function conversationMessage(call: CallRecord, turn: TranscriptTurn, index: number): ConversationMessage {
  const connectedAtMs = call.connectedAtMs ?? call.createdAtMs;
  return {
    id: String(index + 1),
    assistantConversationId: call.id,
    messageId: `${call.id}-${index + 1}`,
    assistantId: call.assistantId,
    role: turn.role,
    body: turn.text,
    source: SOURCE,
    status: turn.interrupted ? 'interrupted' : 'complete',
    metrics: Object.entries(turn.metrics).map(([name, value]) => ({ name, value: String(value) })),
    createdDate: timestamp(connectedAtMs + turn.startMs),
    updatedDate: timestamp(connectedAtMs + turn.endMs),
    metadata: metadata({ startMs: turn.startMs, endMs: turn.endMs }),
  };
}

function metadata(values: Readonly<Record<string, Json>>): { key: string; value: string }[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: text(value) }));
}

function text(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function timestamp(ms: number): Timestamp {
  return timestampFromMs(Math.round(ms));
}
