import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

export interface Player {
  readonly audio: RefObject<HTMLAudioElement | null>;
  /** Where it plays, from the moment media connected. */
  readonly positionMs: number;
  /** Goes there and plays. */
  readonly hear: (atMs: number) => void;
}

/** The recording of a call as one element of the page, and where it is. */
export function usePlayer(): Player {
  const audio = useRef<HTMLAudioElement>(null);
  const [positionMs, setPositionMs] = useState(0);
  useEffect(() => {
    const element = audio.current;
    if (element === null) return;
    const follow = () => setPositionMs(element.currentTime * 1_000);
    const events = ['timeupdate', 'seeking', 'seeked'] as const;
    for (const event of events) element.addEventListener(event, follow);
    return () => {
      for (const event of events) element.removeEventListener(event, follow);
    };
  }, []);
  const hear = useCallback((atMs: number) => {
    const element = audio.current;
    if (element === null) return;
    element.currentTime = atMs / 1_000;
    // Where the browser lets nothing sound yet, the place is there all the same.
    element.play().catch(() => {});
  }, []);
  return { audio, positionMs, hear };
}
