import { FRAME_SAMPLES, type MediaTransport, type PlayoutListener, type Telemetry } from '@rapida/core';
import type { Ticker } from './ticker.js';

export const SILENCE = new Int16Array(FRAME_SAMPLES);

/** Sound in which no two frames within 20 s are alike and no sample is near zero. */
export function speech(samples: number, from = 0): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) => 10_000 + (((from + i) * 7) % 20_011));
}

export const framesOf = (samples: Int16Array): Int16Array[] =>
  Array.from({ length: Math.ceil(samples.length / FRAME_SAMPLES) }, (_, index) => {
    const frame = new Int16Array(FRAME_SAMPLES);
    frame.set(samples.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES));
    return frame;
  });

export const isSilence = (samples: Int16Array): boolean => samples.every((sample) => sample === 0);

/** As `expect(frames).toEqual(framesOf(samples))`, for minutes of sound. */
export const isSameSound = (frames: readonly Int16Array[], samples: Int16Array): boolean =>
  frames.length === Math.ceil(samples.length / FRAME_SAMPLES) &&
  framesOf(samples).every((frame, index) => Buffer.from(frame.buffer).equals(bytesOf(frames[index] ?? SILENCE)));

const bytesOf = (samples: Int16Array): Uint8Array =>
  Uint8Array.from(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));

/** Its wire is 16 kHz samples as they are, so that what was sent can be compared with what was written. */
export class FakeTransport implements MediaTransport {
  readonly kind = 'websocket';
  readonly pacing: 'local' | 'peer';
  readonly wire = { format: 'slin16', rateHz: 16_000 };
  readonly silence = new Uint8Array(FRAME_SAMPLES * 2);
  readonly closed = new Promise<never>(() => {});
  readonly log: ('clear' | { readonly frames: number } | { readonly mark: string })[] = [];
  /** Every frame that was sent, one by one. */
  readonly sent: Int16Array[] = [];
  isReading = true;
  answersMarks = false;
  onSend: (frames: Uint8Array) => void = () => {};
  onClear: () => void = () => {};
  onMarkAsked: (id: string) => void = () => {};

  constructor(pacing: 'local' | 'peer') {
    this.pacing = pacing;
  }

  start(): void {}

  encode(samples: Int16Array): Uint8Array[] {
    return framesOf(samples).map(bytesOf);
  }

  send(frames: Uint8Array): boolean {
    if (!this.isReading) return false;
    const samples = new Int16Array(Uint8Array.from(frames).buffer);
    this.log.push({ frames: samples.length / FRAME_SAMPLES });
    this.sent.push(...framesOf(samples));
    this.onSend(frames);
    return true;
  }

  clear(): void {
    this.log.push('clear');
    this.onClear();
  }

  mark(id: string): boolean {
    if (!this.answersMarks) return false;
    this.log.push({ mark: id });
    this.onMarkAsked(id);
    return true;
  }

  hangup(): void {}

  counters() {
    return { framesIn: 0, framesOut: this.sent.length, framesDropped: 0, badInput: {} };
  }
}

/** Ticks when told to, 20 ms apart. */
export class HandTicker implements Ticker {
  nowMs = 1000;
  readonly #ticks = new Set<(dueMs: number) => void>();

  readonly clock = {
    nowMs: () => this.nowMs,
    wallMs: () => this.nowMs,
    setTimer: () => ({ cancel() {} }),
  };

  get members(): number {
    return this.#ticks.size;
  }

  add(tick: (dueMs: number) => void): { remove(): void } {
    this.#ticks.add(tick);
    return { remove: () => void this.#ticks.delete(tick) };
  }

  tick(times = 1): void {
    for (let i = 0; i < times; i++) {
      this.nowMs += 20;
      for (const tick of [...this.#ticks]) tick(this.nowMs);
    }
  }

  /** Time that passed without ticks. */
  stall(ms: number): void {
    this.nowMs += ms;
  }
}

export class LoggingListener implements PlayoutListener {
  readonly lines: string[] = [];
  readonly finished = new Map<number, { playedMs: number; cut: boolean }[]>();
  onEvent: (line: string) => void = () => {};

  onStarted(id: number, atMs: number): void {
    this.#add(`started ${id} at ${atMs}`);
  }

  onFinished(id: number, result: { playedMs: number; cut: boolean }): void {
    this.finished.set(id, [...(this.finished.get(id) ?? []), result]);
    this.#add(`finished ${id} played ${result.playedMs}${result.cut ? ' cut' : ''}`);
  }

  #add(line: string): void {
    this.lines.push(line);
    this.onEvent(line);
  }
}

export class CountingTelemetry implements Telemetry {
  readonly counts = new Map<string, number>();

  count(name: string, labels: Readonly<Record<string, string>> = {}, by = 1): void {
    const key = [name, ...Object.values(labels)].join(' ');
    this.counts.set(key, (this.counts.get(key) ?? 0) + by);
  }

  gauge(): void {}
  observe(): void {}
}
