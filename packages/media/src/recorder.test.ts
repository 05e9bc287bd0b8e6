import { copyFile, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeWav } from '@rapida/audio';
import { settle } from '@rapida/core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CountingTelemetry } from './playout.test.support.js';
import { createRecorder } from './recorder.js';
import { BACKLOG_CHUNKS_MAX, type OpenRecordingFile, openRecordingFile } from './recording-file.js';
import { repairRecordings } from './repair-recordings.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recorder-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const DROPPED = 'rapida_audio_dropped_ms_total recorder';
const constant = (value: number): Int16Array => new Int16Array(320).fill(value);

function setUp(openFile?: OpenRecordingFile) {
  const telemetry = new CountingTelemetry();
  const errors: unknown[] = [];
  const path = join(folder, 'calls', 'call.wav');
  const options = { path, telemetry, onError: (error: unknown) => void errors.push(error) };
  return { recorder: createRecorder(openFile ? { ...options, openFile } : options), path, telemetry, errors };
}

/** A real file that tells what has reached it. */
function openCounting(written: number[]): OpenRecordingFile {
  return async (path) => {
    const file = await openRecordingFile(path);
    return {
      ...file,
      async write(bytes, position) {
        await file.write(bytes, position);
        written.push(position);
      },
    };
  };
}

async function read(path: string): Promise<{ left: Int16Array; right: Int16Array }> {
  const { rateHz, channels } = decodeWav(await readFile(path));
  expect(rateHz).toBe(16_000);
  expect(channels).toHaveLength(2);
  return { left: channels[0]!, right: channels[1]! };
}

/** First sample of `value`, in ms. */
const foundAtMs = (samples: Int16Array, value: number): number => samples.indexOf(value) / 16;

it('puts the caller left and the assistant right, each where it was heard', async () => {
  const { recorder, path } = setUp();
  for (let n = 0; n < 150; n++) {
    recorder.caller({ samples: constant(n + 1), atMs: 5000 + 20 * n });
    recorder.assistant(constant(-n - 1), 5000 + 500 + 7 + 20 * n);
  }
  await recorder.close();
  const { left, right } = await read(path);
  expect(left.length).toBe((150 * 20 + 507) * 16);
  for (const n of [0, 1, 74, 149]) {
    expect(Math.abs(foundAtMs(left, n + 1) - 20 * n)).toBeLessThanOrEqual(20);
    expect(Math.abs(foundAtMs(right, -n - 1) - (507 + 20 * n))).toBeLessThanOrEqual(20);
  }
  expect(right.subarray(0, 507 * 16).every((sample) => sample === 0)).toBe(true);
});

it('leaves a gap silent and goes on behind it in its place', async () => {
  const { recorder, path } = setUp();
  recorder.caller({ samples: constant(1), atMs: 100 });
  for (let n = 0; n < 200; n++) recorder.assistant(constant(7), 100 + 20 * n);
  recorder.caller({ samples: constant(2), atMs: 100 + 3000 });
  await recorder.close();
  const { left, right } = await read(path);
  expect(foundAtMs(left, 2)).toBe(3000);
  expect(left.subarray(320, 3000 * 16).every((sample) => sample === 0)).toBe(true);
  expect(right.every((sample) => sample === 7)).toBe(true);
  expect(right.length).toBe(200 * 320);
});

it('joins frames that are out of place by less than a frame', async () => {
  const { recorder, path, telemetry } = setUp();
  const jitterMs = [0, 3, -4, 19, -19, 0];
  jitterMs.forEach((ms, n) => void recorder.assistant(constant(n + 1), 1000 + 20 * n + ms));
  await recorder.close();
  const { right } = await read(path);
  expect([...right]).toEqual(jitterMs.flatMap((_, n) => [...constant(n + 1)]));
  expect(telemetry.counts.size).toBe(0);
});

it('drops and counts what is said twice or lies more than two seconds back', async () => {
  const { recorder, path, telemetry } = setUp();
  recorder.caller({ samples: constant(1), atMs: 0 });
  recorder.caller({ samples: constant(9), atMs: -60 });
  for (let n = 0; n < 200; n++) recorder.assistant(constant(3), 20 * n);
  recorder.caller({ samples: constant(9), atMs: 1000 });
  recorder.caller({ samples: constant(2), atMs: 2500 });
  await recorder.close();
  const { left } = await read(path);
  expect(left.includes(9)).toBe(false);
  expect(foundAtMs(left, 2)).toBe(2500);
  expect(telemetry.counts.get(DROPPED)).toBe(20);
});

it('bridges hours in which nothing was heard without writing them', async () => {
  const { recorder, path } = setUp();
  recorder.caller({ samples: constant(1), atMs: 0 });
  recorder.caller({ samples: constant(2), atMs: 3_600_000 });
  await recorder.close();
  const { size, blocks } = await stat(path);
  expect(size).toBe(44 + 3_600_020 * 16 * 4);
  expect(blocks * 512).toBeLessThan(1_000_000);
});

it('makes a file that only its owner can read', async () => {
  const { recorder, path } = setUp();
  await recorder.close();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'calls'))).mode & 0o777).toBe(0o700);
  expect((await read(path)).left).toHaveLength(0);
});

it('ignores what comes after close, and closes once', async () => {
  const { recorder, path } = setUp();
  recorder.caller({ samples: constant(1), atMs: 0 });
  const first = recorder.close();
  expect(recorder.close()).toBe(first);
  recorder.caller({ samples: constant(2), atMs: 20 });
  await first;
  expect((await read(path)).left).toHaveLength(320);
});

it('can be read while the call runs', async () => {
  const written: number[] = [];
  const { recorder, path } = setUp(openCounting(written));
  for (let n = 0; n < 100; n++) {
    recorder.caller({ samples: constant(5), atMs: 20 * n });
    recorder.assistant(constant(6), 20 * n);
  }
  while (written.length < 5) await settle();
  expect((await read(path)).left).toHaveLength(32_000);
  await recorder.close();
});

it('loses nothing but the last two seconds when the process is killed, and is repaired', async () => {
  const written: number[] = [];
  const { recorder, path } = setUp(openCounting(written));
  for (let n = 0; n < 500; n++) {
    recorder.caller({ samples: constant(n), atMs: 20 * n });
    if (n < 480) recorder.assistant(constant(-n), 20 * n);
    const chunks = Math.floor((Math.min(n + 1, 480) * 20) / 500);
    while (written.length < 1 + chunks) await settle(); // the header is written first
  }
  await mkdir(join(folder, 'killed'));
  const killed = join(folder, 'killed', 'call.wav');
  await copyFile(path, killed);
  await writeFile(killed, Buffer.of(1, 2, 3), { flag: 'a' }); // torn within a sample group
  await recorder.close();

  const { repaired, failed } = await repairRecordings(folder);
  expect(repaired).toEqual([killed]);
  expect(failed).toEqual([]);
  const header = await readFile(killed);
  expect(header.readUInt32LE(40)).toBe(header.length - 44 - 3);
  const { left, right } = await read(killed);
  expect(left.length / 16).toBeGreaterThanOrEqual(8000);
  for (const n of [1, 200, 399]) {
    expect(foundAtMs(left, n)).toBe(20 * n);
    expect(foundAtMs(right, -n)).toBe(20 * n);
  }
  expect((await repairRecordings(folder)).repaired).toEqual([]);
});

it('repairs what it can and names what it cannot, and follows no links', async () => {
  await writeFile(join(folder, 'short.wav'), Buffer.alloc(10));
  await writeFile(join(folder, 'text.wav'), Buffer.alloc(100, 'x'));
  await writeFile(join(folder, 'other.txt'), Buffer.alloc(100, 'x'));
  await symlink(join(folder, 'other.txt'), join(folder, 'link.wav'));
  const { repaired, failed } = await repairRecordings(folder);
  expect(repaired).toEqual([]);
  expect(failed.map(({ path }) => path).sort()).toEqual([join(folder, 'short.wav'), join(folder, 'text.wav')]);
  expect(await readFile(join(folder, 'text.wav'), 'utf8')).toBe('x'.repeat(100));
  expect(await repairRecordings(join(folder, 'missing'))).toEqual({ repaired: [], failed: [] });
});

it('drops the oldest while the disk is slow, counts it, and keeps everything else in its place', async () => {
  let release = () => {};
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { recorder, path, telemetry, errors } = setUp(async (name) => {
    const file = await openRecordingFile(name);
    await slow;
    return file;
  });
  const seconds = 10;
  for (let n = 0; n < seconds * 50; n++) {
    recorder.caller({ samples: constant(n + 1), atMs: 20 * n });
    recorder.assistant(constant(-n - 1), 20 * n);
  }
  const droppedMs = seconds * 1000 - BACKLOG_CHUNKS_MAX * 500;
  expect(telemetry.counts.get(DROPPED)).toBe(droppedMs);
  release();
  await recorder.close();
  const { left, right } = await read(path);
  expect(left.length).toBe(seconds * 16_000);
  expect(left.subarray(0, droppedMs * 16).every((sample) => sample === 0)).toBe(true);
  for (const n of [droppedMs / 20, seconds * 50 - 1]) {
    expect(foundAtMs(left, n + 1)).toBe(20 * n);
    expect(foundAtMs(right, -n - 1)).toBe(20 * n);
  }
  expect(errors).toEqual([]);
});

it('writes every chunk, whenever the one before is done', async () => {
  for (let turns = 0; turns < 12; turns++) {
    const positions: number[] = [];
    const { recorder } = setUp(async () => ({
      samples: 0,
      write: async (_bytes, position) => void positions.push(position),
      truncate: async () => {},
      close: async () => {},
    }));
    await settle();
    for (let n = 0; n < 50; n++) {
      recorder.caller({ samples: constant(1), atMs: 20 * n });
      recorder.assistant(constant(1), 20 * n);
      if (n === 24) for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    }
    await recorder.close();
    expect(positions).toEqual([0, 44, 44 + 32_000, 0]);
  }
});

it('reports a failing disk once, whichever operation fails first, and never throws', async () => {
  const operations: string[] = [];
  const run = async (failAt: number) => {
    operations.length = 0;
    const step = async (name: string): Promise<void> => {
      operations.push(name);
      if (operations.length - 1 === failAt) throw new Error(`${name} failed`);
    };
    const { recorder, errors } = setUp(async () => {
      await step('open');
      return { samples: 0, write: () => step('write'), truncate: () => step('truncate'), close: () => step('close') };
    });
    for (let n = 0; n < 100; n++) {
      recorder.caller({ samples: constant(1), atMs: 20 * n });
      recorder.assistant(constant(1), 20 * n);
      if (n % 25 === 0) await settle();
    }
    await recorder.close();
    return errors;
  };
  expect(await run(Number.POSITIVE_INFINITY)).toEqual([]);
  const count = operations.length;
  expect(operations).toEqual(['open', 'write', 'write', 'write', 'write', 'write', 'truncate', 'write', 'close']);
  for (let failAt = 0; failAt < count; failAt++) expect(await run(failAt)).toHaveLength(1);
});

it('does not overwrite a recording', async () => {
  const first = setUp();
  first.recorder.caller({ samples: constant(1), atMs: 0 });
  await first.recorder.close();
  const second = setUp();
  await second.recorder.close();
  expect(second.errors).toHaveLength(1);
  expect((await read(first.path)).left).toHaveLength(320);
});

/** A recording of half a second, left as a process leaves it that is killed: its header says nothing of its length. */
async function killed(path: string): Promise<void> {
  const first = createRecorder({ path, telemetry: new CountingTelemetry(), onError: () => expect.unreachable() });
  for (let n = 0; n < 25; n++) first.assistant(constant(1), 20 * n);
  await first.close();
  const bytes = await readFile(path);
  bytes.writeUInt32LE(0, 40);
  await writeFile(path, bytes);
}

function goingOn(path: string, elapsedMs: number) {
  return createRecorder({ path, elapsedMs, telemetry: new CountingTelemetry(), onError: () => expect.unreachable() });
}

it('goes on after a pause: what was recorded before stays, the pause is silent, and the rest is where it was heard', async () => {
  const path = join(folder, 'call.wav');
  await killed(path);
  const second = goingOn(path, 3_000);
  for (let n = 0; n < 50; n++) second.caller({ samples: constant(2), atMs: 777_000 + 20 * n });
  await second.close();
  const { left, right } = await read(path);
  expect(right.length / 16).toBe(4_000);
  expect(right.subarray(0, 500 * 16).every((sample) => sample === 1)).toBe(true);
  expect(right.subarray(500 * 16).every((sample) => sample === 0)).toBe(true);
  expect(foundAtMs(left, 2)).toBe(3_000);
  expect(left.subarray(3_000 * 16).every((sample) => sample === 2)).toBe(true);
});

it('begins with silence where the part before is on the disk of another node', async () => {
  const path = join(folder, 'elsewhere', 'call.wav');
  const second = goingOn(path, 61_250);
  for (let n = 0; n < 10; n++) second.assistant(constant(3), 20 * n);
  await second.close();
  const { right } = await read(path);
  expect(right.length / 16).toBe(61_450);
  expect(foundAtMs(right, 3)).toBe(61_250);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('never writes over what was recorded before, whatever the clocks of two nodes say', async () => {
  const path = join(folder, 'call.wav');
  await killed(path);
  const second = goingOn(path, 300);
  for (let n = 0; n < 50; n++) second.assistant(constant(2), 20 * n);
  await second.close();
  const { right } = await read(path);
  expect(foundAtMs(right, 2)).toBe(500);
  expect(right.length / 16).toBe(1_300);
});

it('keeps the part before where nothing comes after it', async () => {
  const path = join(folder, 'call.wav');
  await killed(path);
  await goingOn(path, 9_000).close();
  expect((await read(path)).right.length / 16).toBe(500);
});
