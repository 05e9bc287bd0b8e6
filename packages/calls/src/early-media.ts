import type { AudioFrame, MediaListener } from '@rapida/core';

/** Two seconds: as long as a leg may have to wait for its conversation. */
export const EARLY_FRAMES_MAX = 100;
export const EARLY_DIGITS_MAX = 32;

/**
 * Stands in for the conversation until there is one, so that the caller is listened to from the first frame on. Beyond
 * its bounds the oldest sound goes first.
 */
export interface EarlyMedia extends Pick<MediaListener, 'onFrame' | 'onDtmf'> {
  /** Hands over everything in order, digits last, and everything that follows at once. */
  deliverTo(listener: Pick<MediaListener, 'onFrame' | 'onDtmf'>): void;
}

export function createEarlyMedia(): EarlyMedia {
  const frames: AudioFrame[] = [];
  const digits: string[] = [];
  let target: Pick<MediaListener, 'onFrame' | 'onDtmf'> | undefined;

  return {
    onFrame(frame) {
      if (target !== undefined) return target.onFrame(frame);
      if (frames.length === EARLY_FRAMES_MAX) frames.shift();
      frames.push(frame);
    },
    onDtmf(digit) {
      if (target !== undefined) return target.onDtmf(digit);
      if (digits.length < EARLY_DIGITS_MAX) digits.push(digit);
    },
    deliverTo(listener) {
      target = listener;
      for (const frame of frames.splice(0)) listener.onFrame(frame);
      for (const digit of digits.splice(0)) listener.onDtmf(digit);
    },
  };
}
