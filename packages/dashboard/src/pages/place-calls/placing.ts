import { type NewCall, type PlacedCall, RapidaApiError } from '@rapida/client';
import { useCallback, useRef, useState } from 'react';
import { usePlaceCalls } from '../../data/calls.js';
import { forgetList, keyOfList } from './list-key.js';
import { portionsOf } from './portions.js';

export interface Placing {
  readonly state: 'idle' | 'placing' | 'done' | 'stopped' | 'failed';
  readonly placed: readonly PlacedCall[];
  /** What was asked for, in the order of `placed`. */
  readonly orders: readonly NewCall[];
  readonly error: unknown;
}

const IDLE: Placing = { state: 'idle', placed: [], orders: [], error: null };

/** Places a list portion by portion. What was placed stays placed when a later portion fails or is stopped. */
export function usePlacing() {
  const place = usePlaceCalls();
  const [placing, setPlacing] = useState(IDLE);
  const isStopped = useRef(false);
  const start = async (calls: readonly NewCall[]) => {
    isStopped.current = false;
    let placed: readonly PlacedCall[] = [];
    const tell = (state: Placing['state'], error: unknown = null) =>
      setPlacing({ state, placed, orders: calls, error });
    tell('placing');
    const list = keyOfList(calls, sessionStorage, () => crypto.getRandomValues(new Uint32Array(4)).join('-'));
    for (const [index, portion] of portionsOf(calls).entries()) {
      if (isStopped.current) return tell('stopped');
      try {
        placed = [...placed, ...(await placeTwice(() => place(portion, `list-${list}-${index}`)))];
      } catch (error) {
        return tell('failed', error);
      }
      tell('placing');
    }
    forgetList(sessionStorage);
    tell('done');
  };
  const stop = useCallback(() => {
    isStopped.current = true;
  }, []);
  return { placing, start, stop };
}

/** An answer that was lost is asked for again: the key makes it the same orders. */
async function placeTwice<T>(place: () => Promise<T>): Promise<T> {
  try {
    return await place();
  } catch (error) {
    if (error instanceof RapidaApiError && (error.code === 'unreachable' || error.code === 'timeout')) return place();
    throw error;
  }
}
