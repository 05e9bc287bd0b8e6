import { CALL_STATES, type CallState, FINAL_STATES } from '@rapida/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LifecycleInput, moveOf, next } from './lifecycle.js';

const FROM_ASTERISK: LifecycleInput[] = ['dial', 'ring', 'answer', 'no_answer', 'busy', 'reject', 'cancel'];
const INPUTS: LifecycleInput[] = [...FROM_ASTERISK, 'requeue', 'connect', 'expire', 'complete', 'fail', 'drop'];
const inputs = fc.array(fc.constantFrom(...INPUTS), { maxLength: 30 });

function after(state: CallState, steps: readonly LifecycleInput[]): CallState {
  return steps.reduce(next, state);
}

describe('the life of a call', () => {
  it('leads an inbound call from the webhook over its media to its end', () => {
    expect(after('registered', ['connect'])).toBe('connected');
    expect(after('registered', ['connect', 'complete'])).toBe('completed');
    expect(after('registered', ['connect', 'fail'])).toBe('failed');
    expect(after('registered', ['expire'])).toBe('expired');
  });

  it('leads an outbound call over dialing, ringing and answered', () => {
    expect(after('queued', ['dial'])).toBe('dialing');
    expect(after('queued', ['dial', 'ring'])).toBe('ringing');
    expect(after('queued', ['dial', 'ring', 'answer'])).toBe('answered');
    expect(after('queued', ['dial', 'ring', 'answer', 'connect'])).toBe('connected');
    expect(after('dialing', ['no_answer'])).toBe('no_answer');
    expect(after('ringing', ['busy'])).toBe('busy');
    expect(after('ringing', ['reject'])).toBe('rejected');
    expect(after('ringing', ['cancel'])).toBe('cancelled');
  });

  it('lets only a call that was not answered wait in the queue once more', () => {
    expect(after('ringing', ['requeue', 'dial', 'ring'])).toBe('ringing');
    expect(after('dialing', ['requeue'])).toBe('queued');
    for (const state of CALL_STATES) {
      if (!['dialing', 'ringing', 'queued'].includes(state)) expect(next(state, 'requeue')).toBe(state);
    }
  });

  it('never goes back when reports come late', () => {
    expect(after('dialing', ['answer', 'ring', 'dial'])).toBe('answered');
    expect(after('dialing', ['connect', 'answer', 'ring'])).toBe('connected');
    expect(after('queued', ['ring', 'answer'])).toBe('queued');
  });

  it('lets nothing that Asterisk reports beside the media overrule connected media', () => {
    for (const input of FROM_ASTERISK) expect(next('connected', input)).toBe('connected');
    expect(next('connected', 'expire')).toBe('connected');
    expect(next('connected', 'drop')).toBe('connected');
  });

  it('never changes a final state, whatever comes in whatever order', () => {
    fc.assert(fc.property(fc.constantFrom(...FINAL_STATES), inputs, (state, steps) => after(state, steps) === state));
  });

  it('says the same as compare-and-set, but that a state that is not final may be entered again', () => {
    for (const input of INPUTS) {
      const { to, from } = moveOf(input);
      for (const state of CALL_STATES) {
        const reenters = state === to && !FINAL_STATES.includes(state);
        expect(from.includes(state)).toBe(next(state, input) !== state || reenters);
        expect(from.includes(state) ? to : state).toBe(next(state, input));
      }
    }
  });
});
