import type { HeardPacket } from './rtp-stream.js';

/** Questions about what a phone heard. Times are those at which packets arrived. */

export function firstVoiced(heard: readonly HeardPacket[], sinceMs: number): number | undefined {
  return heard.find(({ atMs, voiced }) => voiced && atMs >= sinceMs)?.atMs;
}

export function lastVoiced(heard: readonly HeardPacket[]): number | undefined {
  return heard.findLast(({ voiced }) => voiced)?.atMs;
}

/** Longest time without a packet between two moments, and when it began; 0 where no packet came. */
export function longestGap(
  heard: readonly HeardPacket[],
  fromMs: number,
  toMs: number,
): { readonly ms: number; readonly atMs: number } {
  let longest = { ms: 0, atMs: fromMs };
  let before: number | undefined;
  for (const { atMs } of heard) {
    if (atMs < fromMs || atMs > toMs) continue;
    if (before !== undefined && atMs - before > longest.ms) longest = { ms: atMs - before, atMs: before };
    before = atMs;
  }
  return longest;
}

/** Packets that never came, by their sequence numbers. */
export function lostPackets(heard: readonly HeardPacket[]): number {
  let lost = 0;
  for (let i = 1; i < heard.length; i++) {
    const step = ((heard[i]?.sequence ?? 0) - (heard[i - 1]?.sequence ?? 0) + 0x1_0000) & 0xffff;
    if (step > 1 && step < 1_000) lost += step - 1;
  }
  return lost;
}

/** The sound between two moments at 8 kHz; where no packets came it is silent. */
export function soundBetween(heard: readonly HeardPacket[], fromMs: number, toMs: number): Int16Array {
  const parts: Int16Array[] = [];
  let before: number | undefined;
  for (const { atMs, samples } of heard) {
    if (atMs < fromMs || atMs > toMs) continue;
    if (before !== undefined && atMs - before > 100) parts.push(new Int16Array(Math.round((atMs - before) * 8)));
    parts.push(samples);
    before = atMs;
  }
  const whole = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
