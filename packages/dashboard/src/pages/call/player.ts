import { type RefCallback, useCallback, useRef, useState } from 'react';
import { positionOf } from './word-times.js';

export interface Player {
  /** For the element that plays: it may come later than the page, when the call has ended. */
  readonly audio: RefCallback<HTMLAudioElement>;
  /** Where it plays, from the moment media connected. */
  readonly positionMs: number;
  /** Goes there and plays. */
  readonly hear: (atMs: number) => void;
}

const MOVES = ['timeupdate', 'seeking', 'seeked'] as const;

/** The recording of a call as one element of the page, and where it is. */
export function usePlayer(): Player {
  const element = useRef<HTMLAudioElement>(null);
  const [positionMs, setPositionMs] = useState(0);
  const audio = useCallback((audio: HTMLAudioElement | null) => {
    if (audio === null) return;
    element.current = audio;
    const follow = () => setPositionMs(positionOf(audio.currentTime));
    for (const move of MOVES) audio.addEventListener(move, follow);
    return () => {
      element.current = null;
      for (const move of MOVES) audio.removeEventListener(move, follow);
    };
  }, []);
  const hear = useCallback((atMs: number) => {
    const { current } = element;
    if (current === null) return;
    current.currentTime = atMs / 1_000;
    // Where the browser lets nothing sound yet, the place is there all the same.
    current.play().catch(() => {});
  }, []);
  return { audio, positionMs, hear };
}
