import { describe, expect, it } from 'vitest';
import { firstVoiced, lastVoiced, longestGap, lostPackets, soundBetween } from './heard.js';
import type { HeardPacket } from './rtp-stream.js';

function packet(atMs: number, sequence: number, sound: 'voiced' | 'silent' = 'silent'): HeardPacket {
  const samples = new Int16Array(160).fill(sound === 'voiced' ? 5_000 : 0);
  return { atMs, sequence, payloadBytes: 160, samples, voiced: sound === 'voiced' };
}

describe('what a phone heard', () => {
  it('names the longest time without a packet, and when it began', () => {
    const heard = [packet(0, 1), packet(20, 2), packet(95, 3), packet(110, 4), packet(500, 5)];
    expect(longestGap(heard, 0, 200)).toEqual({ ms: 75, atMs: 20 });
    expect(longestGap(heard, 0, 1_000)).toEqual({ ms: 390, atMs: 110 });
    expect(longestGap([], 0, 100).ms).toBe(0);
  });

  it('counts packets that never came, across the end of the sequence numbers', () => {
    expect(lostPackets([packet(0, 65_534), packet(20, 65_535), packet(40, 0), packet(60, 3)])).toBe(2);
    expect(lostPackets([packet(0, 7), packet(20, 8)])).toBe(0);
  });

  it('knows first and last sound', () => {
    const heard = [packet(0, 1), packet(20, 2, 'voiced'), packet(40, 3), packet(60, 4, 'voiced'), packet(80, 5)];
    expect(firstVoiced(heard, 0)).toBe(20);
    expect(firstVoiced(heard, 21)).toBe(60);
    expect(firstVoiced(heard, 61)).toBeUndefined();
    expect(lastVoiced(heard)).toBe(60);
  });

  it('puts sound together with silence where no packets came', () => {
    const heard = [packet(0, 1, 'voiced'), packet(20, 2, 'voiced'), packet(1_020, 3, 'voiced')];
    const sound = soundBetween(heard, 0, 2_000);
    expect(sound).toHaveLength(3 * 160 + 8_000);
    expect([sound[0], sound[319], sound[320], sound[8_319], sound[8_320]]).toEqual([5_000, 5_000, 0, 0, 5_000]);
    expect(soundBetween(heard, 10, 30)).toHaveLength(160);
  });
});
