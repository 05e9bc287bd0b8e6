import type { MediaListener, PlayoutListener, PlayoutTap } from '@rapida/core';
import type { CallPlayout, PlayoutFactory } from '../call-leg.js';

/** Remembers what it was made with and what was asked of it; plays nothing. */
export class FakePlayout implements CallPlayout {
  readonly listener: PlayoutListener;
  readonly tap: PlayoutTap | undefined;
  readonly marks: string[] = [];
  readonly flows: string[] = [];
  readonly queuedMs = 0;
  closed = 0;

  constructor({ listener, tap }: Parameters<PlayoutFactory>[0]) {
    this.listener = listener;
    this.tap = tap;
  }

  begin(): void {}
  write(): boolean {
    return false;
  }
  end(): void {}
  pause(): void {}
  resume(): void {}
  cut(): void {}
  playedMs(): number {
    return 0;
  }
  close(): void {
    this.closed++;
  }
  onMark(id: string): void {
    this.marks.push(id);
  }
  onFlow(flow: Parameters<NonNullable<MediaListener['onFlow']>>[0]): void {
    this.flows.push(flow);
  }
}
