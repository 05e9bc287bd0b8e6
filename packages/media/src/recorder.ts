import { type AudioFrame, type PlayoutTap, RATE_HZ, type Telemetry } from '@rapida/core';
import { type OpenRecordingFile, openRecordingFile, RecordingWriter, reopenRecordingFile } from './recording-file.js';
import { type Side, StereoWindow } from './stereo-window.js';

/** Writes both sides of one call into a stereo WAV file of 16 kHz: the caller left, the assistant right. */
export interface Recorder {
  readonly path: string;
  /** What the caller says. The timeline of the file begins with the first frame of either side. */
  caller(frame: AudioFrame): void;
  /** What the caller hears: a playout's tap. */
  readonly assistant: PlayoutTap;
  /** Completes the file; as long as the disk takes. What comes later is ignored. Idempotent, never rejects. */
  close(): Promise<void>;
}

export interface RecorderOptions {
  /** Must not exist, unless the recording goes on. Made with mode 0600, its folder with 0700 where it is missing. */
  readonly path: string;
  /**
   * Set where it goes on: how far into the recording its first frame belongs. What was recorded before stays, and the pause is
   * silent; where it is not here, on another node's disk, silence stands for that as well.
   */
  readonly elapsedMs?: number;
  readonly telemetry: Telemetry;
  /** Hears the first failure of the disk; the call goes on, its recording does not. */
  readonly onError: (error: unknown) => void;
  readonly openFile?: OpenRecordingFile;
}

/**
 * Takes about 400 kB per call at most: two seconds in which both sides are laid side by side, and four seconds that wait for a
 * slow disk. What does not fit is dropped, oldest first, counted, and silent in the file. The longest recording is twelve
 * hours. Nothing here waits for the disk but `close`.
 */
export function createRecorder(options: RecorderOptions): Recorder {
  const { path, elapsedMs, telemetry, onError } = options;
  const { openFile = elapsedMs === undefined ? openRecordingFile : reopenRecordingFile } = options;
  const writer = new RecordingWriter({ open: () => openFile(path), telemetry, onError });
  const window = new StereoWindow((bytes, atSample) => writer.push(bytes, atSample));
  let originMs: number | undefined;
  let closing: Promise<void> | undefined;

  const write = (side: Side, samples: Int16Array, atMs: number): void => {
    if (closing !== undefined) return;
    originMs ??= atMs - (elapsedMs ?? 0);
    const dropped = window.write(side, Math.round(((atMs - originMs) * RATE_HZ) / 1000), samples);
    if (dropped === 0) return;
    telemetry.count('rapida_audio_dropped_ms_total', { consumer: 'recorder' }, (dropped * 1000) / RATE_HZ);
  };

  return {
    path,
    caller: ({ samples, atMs }) => write('left', samples, atMs),
    assistant: (samples, atMs) => write('right', samples, atMs),
    close() {
      if (closing === undefined) {
        window.flush();
        closing = writer.close(window.samples);
      }
      return closing;
    },
  };
}
