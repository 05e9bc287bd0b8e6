import { type CallState, FINAL_STATES } from '@rapida/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LifecycleInput, moveOf, next } from './lifecycle.js';

/**
 * Everything that writes to one call does so by compare-and-set: the session, the leg, a report of the dialplan, the sweep,
 * an operator. These are all of them at once, in every order, each as often as it likes.
 */
const WRITERS: Readonly<Record<string, readonly LifecycleInput[]>> = {
  session: ['connect', 'complete'],
  brokenSession: ['connect', 'fail'],
  leg: ['ring', 'answer', 'drop'],
  busyLeg: ['ring', 'busy'],
  report: ['ring', 'answer', 'no_answer', 'reject', 'drop'],
  sweep: ['expire'],
  operator: ['cancel'],
};

/** Each writer keeps its own order, may say everything twice, and they are shuffled into each other. */
const interleaving = fc
  .tuple(...Object.values(WRITERS).map((steps) => fc.tuple(fc.constant(steps), fc.boolean(), fc.boolean())))
  .chain((writers) => {
    const taking = writers.filter(([, takesPart]) => takesPart);
    const sequences = taking.map(([steps, , twice]) => (twice ? steps.flatMap((step) => [step, step]) : [...steps]));
    const total = sequences.reduce((sum, steps) => sum + steps.length, 0);
    return fc.array(fc.nat(1_000), { minLength: total, maxLength: total }).map((picks) => {
      const left = sequences.map((steps) => [...steps]);
      return picks.map((pick) => {
        const open = left.filter((steps) => steps.length > 0);
        return open[pick % open.length]?.shift() as LifecycleInput;
      });
    });
  });

const start = fc.constantFrom<CallState>('dialing', 'registered');

describe('writers of one call, in any order and any number of times', () => {
  it('leave it in one final state, which none of them ever changes', () => {
    fc.assert(
      fc.property(start, interleaving, (state, inputs) => {
        let current = state;
        let ends = 0;
        for (const input of inputs) {
          const { from, to } = moveOf(input);
          const wasFinal = FINAL_STATES.includes(current);
          const moves = from.includes(current);
          expect(wasFinal && moves).toBe(false);
          if (moves && FINAL_STATES.includes(to)) ends++;
          if (moves) current = to;
        }
        expect(ends).toBeLessThanOrEqual(1);
        expect(ends === 1).toBe(FINAL_STATES.includes(current));
      }),
    );
  });

  it('never take a connected call away from its session', () => {
    const others = Object.entries(WRITERS)
      .filter(([writer]) => !writer.toLowerCase().includes('session'))
      .flatMap(([, inputs]) => inputs);
    for (const input of others) expect(next('connected', input), input).toBe('connected');
  });
});
