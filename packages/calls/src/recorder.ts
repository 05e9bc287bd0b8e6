import type { AudioFrame, EntityId, PlayoutTap } from '@rapida/core';

/** Writes both sides of one call to a file. Never blocks and never throws: what it cannot write it drops and counts. */
export interface CallRecorder {
  /** Name inside the recordings folder. */
  readonly fileName: string;
  /** What the caller says, as it arrives. */
  caller(frame: AudioFrame): void;
  /** What the caller hears. */
  readonly assistant: PlayoutTap;
  /** Completes the file. Idempotent. */
  close(): Promise<void>;
}

/** Called only for assistants that record; throwing means that this call goes on without a recording. */
export type RecorderFactory = (callId: EntityId) => CallRecorder;
