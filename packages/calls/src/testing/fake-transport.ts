import {
  type AudioFrame,
  FRAME_SAMPLES,
  type MediaClosed,
  type MediaCounters,
  type MediaListener,
  type MediaTransport,
} from '@rapida/core';

/** A leg whose other end is the test: it says what Asterisk does, and sees what Asterisk would. */
export class FakeTransport implements MediaTransport {
  readonly kind = 'audiosocket';
  readonly pacing = 'local';
  wire = { format: 'slin', rateHz: 8_000 };
  readonly silence = new Uint8Array(323);
  readonly closed: Promise<MediaClosed>;
  /** The first byte of every send. */
  readonly sent: number[] = [];
  hangups = 0;
  /** False: Asterisk does not answer a hangup by closing. */
  closesOnHangup = true;
  listener: MediaListener | undefined;
  #close: (closed: MediaClosed) => void = () => {};
  #framesIn = 0;

  constructor() {
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  start(listener: MediaListener): void {
    this.listener = listener;
  }

  push(value: number): AudioFrame {
    const frame = { samples: new Int16Array(FRAME_SAMPLES).fill(value), atMs: this.#framesIn++ * 20 };
    this.listener?.onFrame(frame);
    return frame;
  }

  callerHangsUp(): void {
    this.#close({ by: 'caller', reason: 'caller_hangup' });
  }

  fails(reason: string): void {
    this.#close({ by: 'fault', reason });
  }

  hangup(): void {
    this.hangups++;
    if (this.closesOnHangup) this.#close({ by: 'assistant', reason: 'hangup' });
  }

  /** Of each 20 ms only the first sample survives: enough to see who speaks. */
  encode(samples: Int16Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (let at = 0; at < samples.length; at += FRAME_SAMPLES) frames.push(Uint8Array.of(samples[at] ?? 0));
    return frames;
  }

  send(frames: Uint8Array): boolean {
    this.sent.push(frames[0] ?? 0);
    return true;
  }

  clear(): void {}

  mark(): boolean {
    return false;
  }

  counters(): MediaCounters {
    return { framesIn: this.#framesIn, framesOut: 7, framesDropped: 0, badInput: { video: 2 } };
  }
}
