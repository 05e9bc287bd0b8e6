import { bytesToPcm16, pcm16ToBytes } from '@rapida/audio';
import {
  type BrowserLink,
  type BrowserLinkEnd,
  type Clock,
  FRAME_MS,
  FRAME_SAMPLES,
  type MediaClosed,
  type MediaCounters,
  type MediaListener,
  type MediaTransport,
  RATE_HZ,
  type SpeakText,
} from '@rapida/core';
import { readBrowserMessage } from './browser-messages.js';
import { Inbound } from './inbound.js';
import type { Ticker } from './ticker.js';
import { TypedCaller } from './typed-caller.js';

/** Larger messages are no 20 ms, nor what a page gathers that was asleep for a moment. */
const MESSAGE_BYTES_MAX = 6_400;
/** A browser's clock is not ours, and it may send what it has gathered: so far ahead of real time sound is taken. */
export const AHEAD_MS_MAX = 2_000;
const FRAME_BYTES = FRAME_SAMPLES * 2;

export interface BrowserTransportOptions {
  readonly clock: Clock;
  /** Given for somebody who types instead of speaking: the words are spoken into the call by this voice. */
  readonly typing?: { readonly speak: SpeakText; readonly ticker: Ticker };
}

/**
 * A call from a browser: PCM16 mono 16 kHz both ways. The link stays open when the media has ended: whoever opened it says
 * how the call ended, and closes it.
 */
export function createBrowserTransport(link: BrowserLink, options: BrowserTransportOptions): MediaTransport {
  return new BrowserTransport(link, options);
}

class BrowserTransport implements MediaTransport {
  readonly kind = 'browser';
  readonly pacing = 'local';
  readonly wire = { format: 'slin16', rateHz: RATE_HZ } as const;
  readonly silence = new Uint8Array(FRAME_BYTES);
  readonly closed: Promise<MediaClosed>;
  readonly #link: BrowserLink;
  readonly #clock: Clock;
  readonly #inbound: Inbound;
  readonly #typed: TypedCaller | undefined;
  #end: (closed: MediaClosed) => void = () => {};
  #isOpen = true;
  #firstAtMs: number | undefined;
  #receivedMs = 0;
  #framesIn = 0;
  #framesOut = 0;
  #framesDropped = 0;
  readonly #bad = { odd_length: 0, too_large: 0, ahead_of_time: 0, unknown_message: 0, unexpected_audio: 0 };

  constructor(link: BrowserLink, { clock, typing }: BrowserTransportOptions) {
    this.#link = link;
    this.#clock = clock;
    this.#inbound = new Inbound(clock);
    this.closed = new Promise((resolve) => {
      this.#end = (closed) => {
        this.#isOpen = false;
        this.#typed?.close();
        resolve(closed);
      };
    });
    const onFrame = (samples: Int16Array): void => {
      this.#framesIn++;
      this.#inbound.audio(samples, RATE_HZ);
    };
    const tell = (told: object): void => link.sendText(JSON.stringify({ type: 'typed', ...told }));
    this.#typed = typing && new TypedCaller({ ...typing, onFrame, tell });
    link.closed.then((end) => this.#end(closedOf(end)));
    link.listen({ onBinary: (bytes) => this.#onBinary(bytes), onText: (text) => this.#onText(text) });
  }

  start(listener: MediaListener): void {
    this.#inbound.start(listener);
  }

  /** Views of one buffer. */
  encode(samples: Int16Array): Uint8Array[] {
    const bytes = pcm16ToBytes(samples);
    return Array.from({ length: samples.length / FRAME_SAMPLES }, (_, index) =>
      bytes.subarray(index * FRAME_BYTES, (index + 1) * FRAME_BYTES),
    );
  }

  send(frames: Uint8Array): boolean {
    const isSent = this.#isOpen && this.#link.sendBinary(frames);
    const count = frames.length / FRAME_BYTES;
    if (isSent) this.#framesOut += count;
    else this.#framesDropped += count;
    return isSent;
  }

  /** A page plays what it gets within a tenth of a second: there is nothing to forget. */
  clear(): void {}

  mark(): boolean {
    return false;
  }

  hangup(): void {
    this.#end({ by: 'assistant', reason: 'hangup' });
  }

  counters(): MediaCounters {
    return {
      framesIn: this.#framesIn,
      framesOut: this.#framesOut,
      framesDropped: this.#framesDropped,
      badInput: { ...this.#bad, before_start: this.#inbound.earlyDropped },
    };
  }

  #onBinary(bytes: Uint8Array): void {
    if (!this.#isOpen) return;
    if (this.#typed !== undefined) this.#bad.unexpected_audio++;
    else if (bytes.length > MESSAGE_BYTES_MAX) this.#bad.too_large++;
    else if (bytes.length % 2 !== 0) this.#bad.odd_length++;
    else if (!this.#isInTime(bytes.length / 2)) this.#bad.ahead_of_time++;
    else {
      this.#framesIn++;
      this.#inbound.audio(bytesToPcm16(bytes), RATE_HZ);
    }
  }

  /** Real time passes for a caller as well: a program that sends hours in a second is no caller. */
  #isInTime(samples: number): boolean {
    const nowMs = this.#clock.nowMs();
    this.#firstAtMs ??= nowMs;
    const elapsedMs = nowMs - this.#firstAtMs;
    const receivedMs = Math.max(this.#receivedMs, elapsedMs - FRAME_MS) + (samples * 1000) / RATE_HZ;
    if (receivedMs - elapsedMs > AHEAD_MS_MAX) return false;
    this.#receivedMs = receivedMs;
    return true;
  }

  #onText(text: string): void {
    if (!this.#isOpen) return;
    const message = readBrowserMessage(text);
    if (message?.type === 'hangup') this.#end({ by: 'caller', reason: 'caller_hangup' });
    else if (message?.type === 'dtmf') this.#inbound.dtmf(message.digit);
    else if (message?.type === 'say' && this.#typed !== undefined) this.#typed.say(message.text);
    else this.#bad.unknown_message++;
  }
}

function closedOf({ by, reason }: BrowserLinkEnd): MediaClosed {
  if (by === 'browser') return { by: 'caller', reason: 'caller_hangup' };
  return by === 'us' ? { by: 'assistant', reason: 'hangup' } : { by: 'fault', reason };
}
