import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { browserClock } from '../../clock.js';

/** Whoever types pauses for less between two letters. */
const PAUSE_MS = 400;

export interface Draft {
  readonly value: string;
  readonly change: (value: string) => void;
  /** Takes it as it is, without waiting for a pause. */
  readonly take: () => void;
}

/** What is being typed: taken when the typing pauses, since each taking asks the server. */
export function useDraft(taken: string, onTake: (value: string) => void): Draft {
  const [value, setValue] = useState(taken);
  const own = useRef(taken);
  // Changed by something else: a link, a button, the way back. What was taken from here comes back later than it was typed.
  useEffect(() => {
    if (taken === own.current) return;
    own.current = taken;
    setValue(taken);
  }, [taken]);
  const take = () => {
    if (value === own.current) return;
    own.current = value;
    onTake(value);
  };
  const takeLater = useEffectEvent(take);
  useEffect(() => (value === own.current ? undefined : browserClock.after(PAUSE_MS, () => takeLater())), [value]);
  return { value, change: setValue, take };
}
