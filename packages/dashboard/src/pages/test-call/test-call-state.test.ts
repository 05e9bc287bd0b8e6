import type { LiveEvent } from '@rapida/client';
import { describe, expect, it } from 'vitest';
import { IDLE, type ServerMessage, type TestCallState, testCallAfter } from './test-call-state.js';

const event = (type: string, data: object): ServerMessage => ({
  type: 'event',
  event: { id: '', callId: '1', assistantId: '2', seq: null, type, at: '', data } as LiveEvent,
});
const after = (messages: readonly ServerMessage[], begin: TestCallState = IDLE) =>
  messages.reduce(testCallAfter, begin);
const turn = { role: 'user', text: 'hello', startMs: 0, endMs: 500, interrupted: false, metrics: {} };

describe('a test call', () => {
  it('shows words as they are spoken, until they stand in the transcript', () => {
    const speaking = after([{ type: 'started', callId: '1' }, event('caller.partial', { text: 'hel' })]);
    expect(speaking).toMatchObject({
      phase: 'talking',
      callId: '1',
      saying: { who: 'caller', text: 'hel', partial: true },
    });
    expect(after([event('turn', turn)], speaking)).toMatchObject({ saying: undefined, turns: [turn] });
  });

  it('keeps what was typed until it was spoken, one of two that are the same', () => {
    const typed = { ...IDLE, typed: ['yes', 'yes'] };
    const message = (state: 'speaking' | 'spoken') => ({ type: 'typed' as const, text: 'yes', state });
    expect(after([message('speaking')], typed).typed).toEqual(['yes', 'yes']);
    expect(after([message('speaking'), message('spoken')], typed).typed).toEqual(['yes']);
  });

  it('says why words were not spoken', () => {
    const state = after([{ type: 'typed', text: 'a', state: 'refused', reason: 'too many wait' }], {
      ...IDLE,
      typed: ['a'],
    });
    expect(state).toMatchObject({ typed: [], told: '"a" was not said: too many wait' });
  });

  it('says who ended it, and why', () => {
    const state = after([{ type: 'ended', reason: 'end_call', disconnectedBy: 'assistant' }]);
    expect(state).toMatchObject({ phase: 'ended', told: 'Ended by the assistant: end call' });
  });

  it('does not mind a message that it does not know', () => {
    expect(after([{ type: 'newer' } as unknown as ServerMessage, event('newer', {})])).toEqual(IDLE);
  });
});
