import type { EntityId, LiveEvent } from '@rapida/core';

/**
 * Sound goes from node to node the way of live events, in a room of its own beside its project: who follows the events of a
 * project hears none of it, and is not pushed out by it.
 */
export function roomOf(projectId: EntityId): string {
  return `sound-${projectId}`;
}

const SOUND = 'call.sound';
const OVER = 'call.sound_over';

export interface WhoseSound {
  readonly projectId: EntityId;
  readonly assistantId: EntityId;
  readonly callId: EntityId;
}

export function soundEvent({ projectId, assistantId, callId }: WhoseSound, piece: Uint8Array, atMs: number): LiveEvent {
  const pcm = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('base64');
  return { projectId: roomOf(projectId), assistantId, callId, seq: null, type: SOUND, atMs, data: { pcm } };
}

export function overEvent({ projectId, assistantId, callId }: WhoseSound, atMs: number): LiveEvent {
  return { projectId: roomOf(projectId), assistantId, callId, seq: null, type: OVER, atMs, data: {} };
}

/** Undefined: nothing that this version knows. */
export function readSound({ type, data }: LiveEvent): Uint8Array | 'over' | undefined {
  if (type === OVER) return 'over';
  return type === SOUND && typeof data.pcm === 'string' ? Buffer.from(data.pcm, 'base64') : undefined;
}
