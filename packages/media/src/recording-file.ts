import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WAV_HEADER_BYTES, wavHeader } from '@rapida/audio';
import { RATE_HZ, type Telemetry } from '@rapida/core';
import { BLOCK_BYTES } from './stereo-window.js';

/** What a recording needs of a file. */
export interface RecordingFile {
  /** What is in it already: it is never written over. */
  readonly samples: number;
  /** All of `bytes`, at `position`; what lies between is zeros. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  truncate(fileBytes: number): Promise<void>;
  close(): Promise<void>;
}

export type OpenRecordingFile = (path: string) => Promise<RecordingFile>;

/** A new file that only its owner can read; rejects when there is one already. Missing folders are made. */
export async function openRecordingFile(path: string): Promise<RecordingFile> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return recordingFile(await open(path, 'wx', 0o600));
}

/** A recording that goes on: the file that is there, else a new one. */
export async function reopenRecordingFile(path: string): Promise<RecordingFile> {
  try {
    return recordingFile(await open(path, 'r+'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return openRecordingFile(path);
  }
}

async function recordingFile(handle: FileHandle): Promise<RecordingFile> {
  const { size } = await handle.stat();
  return {
    samples: Math.floor(Math.max(0, size - WAV_HEADER_BYTES) / BLOCK_BYTES),
    async write(bytes, position) {
      for (let done = 0; done < bytes.length; ) {
        done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
      }
    },
    truncate: (fileBytes) => handle.truncate(fileBytes),
    close: () => handle.close(),
  };
}

/** Four seconds (256 kB) may wait for a slow disk, beside what is being written. */
export const BACKLOG_CHUNKS_MAX = 8;

export interface RecordingWriterOptions {
  readonly open: () => Promise<RecordingFile>;
  readonly telemetry: Telemetry;
  /** The first failure; nothing is written after it. */
  readonly onError: (error: unknown) => void;
}

/**
 * Writes pieces of sound to where they belong in a WAV file, one at a time, in the background. A piece that has to be
 * dropped leaves a hole, which reads as silence, so everything behind it keeps its place.
 */
export class RecordingWriter {
  readonly #options: RecordingWriterOptions;
  readonly #backlog: { readonly bytes: Uint8Array; readonly atSample: number }[] = [];
  #file: RecordingFile | undefined;
  #state: 'open' | 'failed' | 'closed' = 'open';
  #work: Promise<void>;
  #isWorking = true;

  constructor(options: RecordingWriterOptions) {
    this.#options = options;
    this.#work = this.#run(() => this.#begin());
  }

  /** Takes the bytes over. */
  push(bytes: Uint8Array, atSample: number): void {
    if (this.#state !== 'open') return this.#countDropped(bytes);
    this.#backlog.push({ bytes, atSample });
    if (this.#backlog.length > BACKLOG_CHUNKS_MAX) this.#countDropped(this.#backlog.shift()?.bytes);
    if (!this.#isWorking) this.#work = this.#run(() => this.#drain());
  }

  /** Writes what waits, sets the length, closes the file. Takes as long as the disk takes; never rejects. */
  async close(samples: number): Promise<void> {
    await this.#work;
    if (this.#state !== 'open') return;
    this.#state = 'closed';
    await this.#run(async () => {
      const dataBytes = Math.max(samples, this.#file?.samples ?? 0) * BLOCK_BYTES;
      await this.#file?.truncate(WAV_HEADER_BYTES + dataBytes);
      await this.#file?.write(headerOf(dataBytes), 0);
      await this.#file?.close();
    });
  }

  async #begin(): Promise<void> {
    this.#file = await this.#options.open();
    await this.#file.write(headerOf(this.#file.samples * BLOCK_BYTES), 0);
    await this.#drain();
  }

  async #drain(): Promise<void> {
    for (let next = this.#backlog.shift(); next !== undefined; next = this.#backlog.shift()) {
      const file = this.#file;
      // What the clock of another node, or a pause that was no pause, lays over what is there already.
      const overlap = Math.min(next.bytes.length, Math.max(0, (file?.samples ?? 0) - next.atSample) * BLOCK_BYTES);
      const position = WAV_HEADER_BYTES + next.atSample * BLOCK_BYTES + overlap;
      if (overlap < next.bytes.length) await file?.write(next.bytes.subarray(overlap), position);
    }
    this.#isWorking = false; // in the same step as the last look: a later push starts again
  }

  async #run(work: () => Promise<void>): Promise<void> {
    this.#isWorking = true;
    try {
      await work();
    } catch (error) {
      this.#state = 'failed';
      for (const { bytes } of this.#backlog.splice(0)) this.#countDropped(bytes);
      this.#options.onError(error);
      await this.#file?.close().catch(() => {});
    }
  }

  #countDropped(bytes: Uint8Array | undefined): void {
    const droppedMs = ((bytes?.length ?? 0) / BLOCK_BYTES / RATE_HZ) * 1000;
    this.#options.telemetry.count('rapida_audio_dropped_ms_total', { consumer: 'recorder' }, droppedMs);
  }
}

function headerOf(dataBytes: number): Uint8Array {
  return wavHeader({ rateHz: RATE_HZ, channelCount: 2, dataBytes });
}
