import type { AudioFrame, PlayoutTap } from '@rapida/core';

/** Writes both sides of one call to a file. Never blocks: what it cannot write in time it drops and counts. */
export interface CallRecorder {
  /** What the caller says, as it arrives. */
  caller(frame: AudioFrame): void;
  /** What the caller hears. */
  readonly assistant: PlayoutTap;
  /** Completes the file. Idempotent. */
  close(): Promise<void>;
}

/** Called only for assistants that record; throwing means that this call goes on without a recording. */
export type RecorderFactory = (recording: {
  readonly path: string;
  /** Set where it goes on: how far into it that is. What was recorded before stays, if it is here; else silence stands for it. */
  readonly elapsedMs?: number;
  /** Hears the first failure of the disk. */
  readonly onError: (error: unknown) => void;
}) => CallRecorder;
