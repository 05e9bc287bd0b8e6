import { tone } from '@rapida/audio';
import type { AudioFrame, MediaListener } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { expect, it } from 'vitest';
import { EARLY_EVENTS_MAX, Inbound } from './inbound.js';

function setUp() {
  const clock = new VirtualClock(1000);
  const frames: AudioFrame[] = [];
  const digits: string[] = [];
  const listener: MediaListener = { onFrame: (frame) => frames.push(frame), onDtmf: (digit) => digits.push(digit) };
  return { clock, inbound: new Inbound(clock), frames, digits, listener };
}

it('cuts frames of 20 ms from chunks of any length', async () => {
  const { clock, inbound, frames, listener } = setUp();
  inbound.start(listener);
  const samples = tone({ hz: 440, rateHz: 16_000, ms: 200, dbfs: -10 });
  for (const [from, to] of [
    [0, 100],
    [100, 820],
    [820, 820],
    [820, 3200],
  ] as const) {
    inbound.audio(samples.subarray(from, to), 16_000);
    await clock.advance(((to - from) * 1000) / 16_000);
  }
  expect(frames.map((frame) => frame.samples.length)).toEqual(Array(10).fill(320));
  expect(frames.flatMap((frame) => [...frame.samples])).toEqual([...samples]);
});

it('counts the time of frames by samples from the first arrival on, whatever the jitter', async () => {
  const { clock, inbound, frames, listener } = setUp();
  inbound.start(listener);
  for (const atMs of [1000, 1035, 1036, 1060, 1150, 1150, 1150, 1150, 1160]) {
    await clock.advance(atMs - clock.nowMs());
    inbound.audio(new Int16Array(160), 8000);
  }
  // What arrives at 1000 was said in the 20 ms before.
  expect(frames.map(({ atMs }) => atMs)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => 980 + 20 * n));
});

it('moves the timeline forward over a silence of more than 100 ms, and never backward', async () => {
  const { clock, inbound, frames, listener } = setUp();
  inbound.start(listener);
  const feed = () => inbound.audio(new Int16Array(160), 8000);
  feed();
  await clock.advance(120);
  feed(); // began 100 ms after the end of the first: still jitter
  await clock.advance(500);
  feed();
  feed();
  expect(frames.map(({ atMs }) => atMs)).toEqual([980, 1000, 1600, 1620]);
});

it('fills up the frame before a gap instead of joining what does not belong together', async () => {
  const { clock, inbound, frames, listener } = setUp();
  inbound.start(listener);
  inbound.audio(new Int16Array(480).fill(1000), 16_000);
  await clock.advance(1000);
  inbound.audio(new Int16Array(320).fill(2000), 16_000);
  expect(frames.map(({ atMs }) => atMs)).toEqual([970, 990, 1980]);
  expect([...new Set(frames[1]?.samples)]).toEqual([1000, 0]);
  expect([...new Set(frames[2]?.samples)]).toEqual([2000]);
});

it('lets nothing of the sound before a gap into the sound behind it', async () => {
  const { clock, inbound, frames, listener } = setUp();
  inbound.start(listener);
  inbound.audio(new Int16Array(160).fill(30_000), 8000);
  await clock.advance(1000);
  inbound.audio(new Int16Array(160), 8000);
  expect(frames[1]?.samples.every((sample) => sample === 0)).toBe(true);
});

it('delivers what came before start in order, the newest events at most', () => {
  const { inbound, frames, digits, listener } = setUp();
  for (let i = 0; i < EARLY_EVENTS_MAX + 9; i++) inbound.audio(new Int16Array(320).fill(i), 16_000);
  inbound.dtmf('a');
  expect(inbound.earlyDropped).toBe(10);
  inbound.start(listener);
  expect(frames).toHaveLength(EARLY_EVENTS_MAX - 1);
  expect(frames[0]?.samples[0]).toBe(10);
  expect(digits).toEqual(['A']);
  expect(() => inbound.start(listener)).toThrow('started already');
});

it('gives every frame an array of its own', () => {
  const { inbound, frames, listener } = setUp();
  inbound.start(listener);
  const chunk = new Int16Array(320).fill(1);
  inbound.audio(chunk, 16_000);
  chunk.fill(2);
  inbound.audio(chunk, 16_000);
  expect(frames[0]?.samples[0]).toBe(1);
});

it('follows a change of rate', () => {
  const { inbound, frames, listener } = setUp();
  inbound.start(listener);
  inbound.audio(new Int16Array(160), 8000);
  inbound.audio(new Int16Array(960), 48_000);
  inbound.audio(new Int16Array(882), 44_100);
  expect(frames).toHaveLength(3);
});
