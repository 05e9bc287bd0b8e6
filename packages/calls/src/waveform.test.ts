import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { POINTS_MAX, readWaveform } from './waveform.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapida-waveform-'));
  path = join(folder, '1.wav');
});
afterEach(() => rm(folder, { recursive: true }));

/** A recording whose sides are given sample by sample. */
async function record(samples: number, sideOf: (at: number) => readonly [number, number]): Promise<void> {
  const bytes = Buffer.alloc(44 + samples * 4);
  for (let at = 0; at < samples; at++) {
    const [caller, assistant] = sideOf(at);
    bytes.writeInt16LE(caller, 44 + at * 4);
    bytes.writeInt16LE(assistant, 46 + at * 4);
  }
  await writeFile(path, bytes);
}

describe('the waveform of a recording', () => {
  it('has the loudest moment of each side in each stretch, in hundredths of what is possible', async () => {
    await record(16_000, (at) => [at === 100 ? -32_768 : 0, at >= 8_000 ? 16_384 : 3_277]);
    expect(await readWaveform(path, 4)).toEqual({
      durationMs: 1_000,
      caller: [100, 0, 0, 0],
      assistant: [10, 10, 50, 50],
    });
  });

  it('is of the whole recording, also where that is read in several pieces', async () => {
    const samples = 200_000;
    await record(samples, (at) => [
      Math.floor((at * 100) / samples) % 2 === 0 ? 32_767 : 0,
      at === samples - 1 ? 32_767 : 0,
    ]);
    const { caller, assistant, durationMs } = await readWaveform(path, 100);
    expect(durationMs).toBe(12_500);
    expect(caller).toEqual(Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? 100 : 0)));
    expect(assistant).toEqual([...Array(99).fill(0), 100]);
  });

  it('has no more points than there are samples, nor more than anybody can see', async () => {
    await record(3, () => [1, 1]);
    expect((await readWaveform(path, 1_000)).caller).toEqual([0, 0, 0]);
    await record(10_000, () => [1, 1]);
    expect((await readWaveform(path, 1_000_000)).caller).toHaveLength(POINTS_MAX);
  });

  it('is empty where nothing was written yet, and takes a sample that is half written for none', async () => {
    await writeFile(path, Buffer.alloc(20));
    expect(await readWaveform(path, 10)).toEqual({ durationMs: 0, caller: [], assistant: [] });
    await writeFile(path, Buffer.alloc(44 + 5));
    expect((await readWaveform(path, 10)).caller).toEqual([0]);
  });

  it('fails where there is no such file', async () => {
    await expect(readWaveform(join(folder, 'none.wav'), 10)).rejects.toMatchObject({ code: 'recording_not_found' });
  });
});
