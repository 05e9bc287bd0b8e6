import { type FileHandle, open } from 'node:fs/promises';
import { RATE_HZ, RapidaError } from '@rapida/core';

/** The recorder writes headers of this length, 16 bit, two sides (see `media/recorder`). */
const HEADER_BYTES = 44;
const BLOCK_BYTES = 4;
/** Read at once, and what is looked at between two turns of the loop that carries the sound. */
const READ_BYTES = 256 * 1024;
/** Of the longest recording that is drawn; a longer one is drawn by every so many samples. */
const LOOKED_AT_MAX = 3_600 * RATE_HZ;
export const POINTS_MAX = 4_000;
const FULL_SCALE = 32_768;

/** How loud each side was over time, 0 to 100, in points of the same length. */
export interface Waveform {
  readonly durationMs: number;
  readonly caller: readonly number[];
  readonly assistant: readonly number[];
}

/** The peaks of a recording, read in pieces. Fails with recording_not_found where it cannot be read. */
export async function readWaveform(path: string, points: number): Promise<Waveform> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { size } = await file.stat();
    return await peaksOf(
      file,
      Math.floor(Math.max(0, size - HEADER_BYTES) / BLOCK_BYTES),
      Math.min(points, POINTS_MAX),
    );
  } catch (cause) {
    throw new RapidaError('recording_not_found', 'the recording of this call cannot be read', { cause });
  } finally {
    await file?.close();
  }
}

async function peaksOf(file: FileHandle, samples: number, wanted: number): Promise<Waveform> {
  const points = Math.min(wanted, samples);
  const peaks = [new Uint16Array(points), new Uint16Array(points)] as const;
  const stride = Math.max(1, Math.floor(samples / LOOKED_AT_MAX));
  const bytes = Buffer.alloc(READ_BYTES);
  for (let at = 0; at < samples; ) {
    const position = HEADER_BYTES + at * BLOCK_BYTES;
    const { bytesRead } = await file.read(bytes, 0, READ_BYTES, position);
    const blocks = Math.min(samples - at, Math.floor(bytesRead / BLOCK_BYTES));
    // Shorter than it was a moment ago.
    if (blocks === 0) break;
    for (let block = 0; block < blocks; block += stride) {
      const point = Math.floor(((at + block) * points) / samples);
      for (const side of [0, 1] as const) {
        const loud = Math.abs(bytes.readInt16LE(block * BLOCK_BYTES + side * 2));
        if (loud > (peaks[side][point] ?? 0)) peaks[side][point] = loud;
      }
    }
    at += blocks;
  }
  const shown = (side: Uint16Array): number[] => Array.from(side, (loud) => Math.round((100 * loud) / FULL_SCALE));
  return { durationMs: (samples * 1000) / RATE_HZ, caller: shown(peaks[0]), assistant: shown(peaks[1]) };
}
