import { dbfs, rms } from '@rapida/audio';

/** Louder than this is the assistant speaking: synthesised speech lies near -20 dBFS, an idle leg is digital silence. */
const SPEAKING_DBFS_MIN = -45;
/** The assistant has finished when it was quiet for this long: pauses between its sentences are shorter. */
export const FINISHED_MS = 900;

/** Notices, frame by frame, whether the assistant is heard. Times are those of the frames. */
export class AssistantListener {
  /** Sound of the assistant so far, in ms. */
  heardMs = 0;
  lastHeardMs: number | undefined;
  /** When it began after it was silent (or was reset). */
  beganMs: number | undefined;

  onFrame(samples: Int16Array, atMs: number): void {
    if (samples.length === 0 || dbfs(rms(samples)) < SPEAKING_DBFS_MIN) return;
    if (this.beganMs === undefined) this.beganMs = atMs;
    this.heardMs += 20;
    this.lastHeardMs = atMs;
  }

  /** From now on waits for the assistant to begin anew. */
  expectAnswer(): void {
    this.beganMs = undefined;
  }

  hasFinished(nowMs: number): boolean {
    return this.beganMs !== undefined && this.lastHeardMs !== undefined && nowMs - this.lastHeardMs >= FINISHED_MS;
  }
}
