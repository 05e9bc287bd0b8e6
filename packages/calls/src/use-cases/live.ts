import type { EntityId, LiveEnd, LiveEvent } from '@rapida/core';

export interface FollowRequest {
  readonly projectId: EntityId;
  /** Streams are counted by key. */
  readonly keyId: EntityId;
  /** The stored events of this call come first, and with its last event the stream ends. */
  readonly callId?: EntityId | undefined;
  readonly assistantId?: EntityId | undefined;
  /** Of a call: not again those up to this one. */
  readonly afterSeq?: number | undefined;
}

/** Why nothing more comes. */
export type FollowOver = LiveEnd | 'call_ended';

export interface LiveStream {
  /** The call has ended, and everything was given before. */
  readonly isSpent: boolean;
  /** One reader at a time. After the end always the same. Never rejects. */
  next(): Promise<LiveEvent | FollowOver>;
  /** Has to be called, also after the end. Idempotent. */
  close(): void;
}

export interface LiveUseCases {
  /** What happens in calls, as it happens. Fails with call_not_found or too_many_streams. */
  follow(request: FollowRequest): Promise<LiveStream>;
}

/** The sound of one call: PCM16 of 16 kHz, stereo, the caller left; 100 ms in each piece. */
export interface SoundStream {
  /** The next piece, or why there is none any more; then always that. One reader at a time. Never rejects. */
  next(): Promise<Uint8Array | SoundOver>;
  /** Has to be called, also after the end. Idempotent. */
  close(): void;
}

export type SoundOver = 'call_ended' | 'node_gone' | LiveEnd;

export interface ListeningUseCases {
  /** Wherever the call is held. Fails with call_not_found, call_ended, call_not_live or node_gone. */
  listen(projectId: EntityId, callId: EntityId): Promise<SoundStream>;
}
