import { NO_HINTS, type ToolInfo } from '@rapida/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action } from './actions.js';
import type { HandOver } from './conversation.js';
import { type ConversationEvent, TIMERS } from './events.js';
import type { View } from './moves.js';
import { createSilenceTurnDetector } from './policy/end-of-turn.js';
import { DIGITS_MAX, HISTORY_MAX, initialState, SAY_QUEUE_MAX, type State } from './state.js';
import { step } from './step.js';
import { configOf } from './testing/rehearsal.js';

/** One of the configuration. */
function tool(name: string, sideEffect: boolean): ToolInfo {
  return { definition: { name, description: '', parameters: {} }, sideEffect, sayMeanwhile: 'A moment.' };
}

const config = configOf({ greeting: 'Hello.' });
const view: Omit<View, 'nowMs'> = {
  config,
  variables: {},
  toolRules: {
    builtIn: { endCall: true, transfer: true, sendDtmf: true, setMetadata: true },
    transferTargets: ['a,1,1'],
    tools: [tool('look_up', false), tool('book', true)],
  },
  detector: createSilenceTurnDetector(config.turn),
  expectations: () => NO_HINTS,
  renderedGreeting: undefined,
  resumed: undefined,
};

type Bare = ConversationEvent extends infer E ? (E extends { atMs: number } ? Omit<E, 'atMs'> : never) : never;
const small = fc.integer({ min: 0, max: 6 });
const ms = fc.integer({ min: 0, max: 3_000 });
const flag = fc.boolean();
const call = fc.record({
  id: fc.constantFrom('1', '2'),
  name: fc.constantFrom('end_call', 'transfer', 'strange', 'look_up', 'book', 'send_dtmf'),
  args: fc.constantFrom({}, { target: 'a,1,1' }, { target: 'b,1,1' }, { digits: '12#' }),
});
const anyEvent: fc.Arbitrary<Bare> = fc.oneof(
  fc.record({ type: fc.constant('started' as const) }),
  fc.record({ type: fc.constant('speech-start' as const), startMs: ms }),
  fc.record({ type: fc.constantFrom('speech-sustained' as const, 'speech-long' as const), voicedMs: ms }),
  fc.record({ type: fc.constant('speech-end' as const), lastVoicedMs: ms, voicedMs: ms }),
  fc.record({ type: fc.constant('final' as const), text: fc.constantFrom('', 'yes', 'tell me.'), rejected: flag }),
  fc.record({ type: fc.constant('dtmf' as const), digit: fc.constantFrom('1', '#') }),
  fc.record({ type: fc.constant('model-text' as const), reply: small, text: fc.constantFrom('One. ', 'two ', '') }),
  fc.record({ type: fc.constant('model-tool' as const), reply: small, call }),
  fc.record({ type: fc.constant('model-memo' as const), reply: small, memo: fc.constant(1) }),
  fc.record({ type: fc.constant('model-done' as const), reply: small }),
  fc.record({
    type: fc.constant('tool-result' as const),
    callId: fc.constantFrom('1', '2'),
    result: fc.constant('done'),
    code: fc.constant(null),
  }),
  fc.record({ type: fc.constant('fillers-ready' as const), texts: fc.constant(['One moment.']) }),
  fc.record({ type: fc.constant('sound' as const), utterance: small, soundMs: ms, synthesised: flag }),
  fc.record({ type: fc.constant('utterance-started' as const), utterance: small }),
  fc.record({ type: fc.constant('utterance-finished' as const), utterance: small, playedMs: ms, cut: flag }),
  fc.record({
    type: fc.constant('failed' as const),
    kind: fc.constantFrom('stt' as const, 'llm' as const, 'tts' as const),
    reply: small,
    code: fc.constant('provider_timeout' as const),
  }),
  fc.record({ type: fc.constant('timer' as const), name: fc.constantFrom(...TIMERS) }),
  fc.record({ type: fc.constant('say' as const), text: fc.constant('A word.') }),
  fc.record({ type: fc.constant('finish' as const), reason: fc.constant('operator') }),
  fc.record({
    type: fc.constant('finish' as const),
    reason: fc.constant('operator'),
    transferTo: fc.constant('a,1,1'),
  }),
  fc.record({
    type: fc.constant('handed-over' as const),
    result: fc.constantFrom<HandOver>({ ok: true }, { ok: false, reason: 'asterisk_refused' }),
  }),
);

function run(events: readonly Bare[]): { states: State[]; actions: Action[] } {
  let state = initialState();
  const states = [state];
  const actions: Action[] = [];
  events.forEach((event, i) => {
    const nowMs = i * 150;
    const [next, more] = step(state, { ...event, atMs: nowMs } as ConversationEvent, { ...view, nowMs });
    state = next;
    states.push(state);
    actions.push(...more);
  });
  return { states, actions };
}

const SPEAKING: readonly Action['type'][] = ['think', 'speak', 'play-greeting', 'hand-over'];

describe('any order of events, also an impossible one', () => {
  const started: Bare = { type: 'started' };

  it('ends the conversation at most once, and nothing is done after the end', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 120 }), (events) => {
        const { actions } = run([started, ...events]);
        const ends = actions.filter((action) => action.type === 'end');
        expect(ends.length).toBeLessThanOrEqual(1);
        const at = actions.findIndex((action) => action.type === 'end');
        if (at >= 0) expect(actions.slice(at + 1)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('ends when the caller is gone and every open utterance has reported back', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 120 }), (events) => {
        const { states } = run([started, ...events]);
        let state = states.at(-1) as State;
        const ask = (event: Bare) => {
          [state] = step(state, { ...event, atMs: 99_000 } as ConversationEvent, { ...view, nowMs: 99_000 });
        };
        ask({ type: 'caller-gone', reason: 'caller_hangup' });
        for (const piece of state.reply?.pieces ?? []) {
          ask({ type: 'utterance-finished', utterance: piece.utterance, playedMs: 0, cut: true });
        }
        expect(state.phase).toBe('ended');
      }),
      { numRuns: 400 },
    );
  });

  it('keeps every bound', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 300 }), (events) => {
        const { states } = run([started, ...events]);
        for (const state of states) {
          expect(state.history.length).toBeLessThanOrEqual(HISTORY_MAX);
          expect(state.sayQueue.length).toBeLessThanOrEqual(SAY_QUEUE_MAX);
          expect(state.caller.digits.length).toBeLessThanOrEqual(DIGITS_MAX);
          expect(state.caller.finalsAwaited).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('never transfers to a target that is not listed', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 120 }), (events) => {
        for (const action of run([started, ...events]).actions) {
          if (action.type === 'end') expect([undefined, 'a,1,1']).toContain(action.end.transferTo);
          if (action.type === 'hand-over') expect(action.target).toBe('a,1,1');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('hands over once at a time, says nothing meanwhile, and ends with a transfer only where it was done', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 160 }), (events) => {
        let asked = false;
        let state = initialState();
        [started, ...events].forEach((event, i) => {
          const nowMs = i * 150;
          const wasAsked: boolean = asked;
          const [next, actions] = step(state, { ...event, atMs: nowMs } as ConversationEvent, { ...view, nowMs });
          const isDone = wasAsked && event.type === 'handed-over' && event.result.ok;
          for (const action of actions) {
            if (action.type === 'hand-over') asked = true;
            if (action.type === 'end' && action.end.transferTo !== undefined) expect(isDone).toBe(true);
          }
          const isOver = event.type === 'handed-over' || (event.type === 'timer' && event.name === 'hand-over');
          if (wasAsked && isOver) asked = actions.some(({ type }) => type === 'hand-over');
          else if (wasAsked) expect(actions.filter(({ type }) => SPEAKING.includes(type))).toEqual([]);
          if (next.handingOver !== undefined)
            expect([asked, next.reply, next.ending]).toEqual([true, undefined, undefined]);
          state = next;
        });
      }),
      { numRuns: 400 },
    );
  });

  it('gives the same result twice', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        expect(run([started, ...events])).toEqual(run([started, ...events]));
      }),
      { numRuns: 50 },
    );
  });
});
