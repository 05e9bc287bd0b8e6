import { dbfs, peakHz, rms, tone } from '@rapida/audio';
import { describe, expect, it } from 'vitest';
import { SEGMENT_MS_MAX, Segment } from './segment.js';

describe('a segment for the recogniser', () => {
  it('has half the samples of what was written, whatever the chunks', () => {
    const segment = new Segment();
    for (const samples of [1_600, 320, 960]) segment.append(new Int16Array(samples));
    expect(segment.samples()).toHaveLength(1_440);
    expect(segment.ms).toBe(180);
  });

  it('keeps a tone a tone, full scale being 1', () => {
    const segment = new Segment();
    segment.append(tone({ hz: 1_000, rateHz: 16_000, ms: 1_000, dbfs: -20 }));
    const middle = Int16Array.from(segment.samples().subarray(1_000, 7_000), (sample) => sample * 32_768);
    expect(peakHz(middle, 8_000)).toBeCloseTo(1_000, -1);
    expect(dbfs(rms(middle))).toBeCloseTo(-20, 0);
  });

  it('has no digital silence, but nothing audible instead', () => {
    const segment = new Segment();
    segment.append(new Int16Array(16_000));
    const samples = segment.samples();
    expect(samples.filter((sample) => sample === 0).length).toBeLessThan(samples.length / 10);
    expect(Math.max(...samples)).toBeLessThanOrEqual(16 / 32_768);
  });

  it('forgets the beginning beyond twenty seconds and says how much', () => {
    const segment = new Segment();
    const second = new Int16Array(16_000).fill(1_000);
    let droppedMs = 0;
    for (let i = 0; i < SEGMENT_MS_MAX / 1_000; i++) droppedMs += segment.append(second);
    expect(droppedMs).toBe(0);
    expect(segment.append(second)).toBe(1_000);
    expect(segment.ms).toBe(SEGMENT_MS_MAX);
  });
});
