import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSilenceTurnDetector } from '../policy/end-of-turn.js';
import { DIGITS_MAX, SAY_QUEUE_MAX } from '../state.js';
import { configOf } from '../testing/rehearsal.js';
import type { RealtimeAction } from './actions.js';
import { REALTIME_TIMERS, type RealtimeConversationEvent } from './events.js';
import type { View } from './moves.js';
import { ENTRIES_MAX, initialRealtimeState, REMEMBERED_MAX, type RealtimeState } from './state.js';
import { step } from './step.js';

const config = configOf({ greeting: 'Hello.' });
const view: Omit<View, 'nowMs'> = {
  config,
  toolRules: {
    builtIn: config.tools.builtIn,
    transferTargets: ['a,1,1'],
    tools: [
      { definition: { name: 'look', description: '', parameters: {} }, sideEffect: false, sayMeanwhile: '' },
      { definition: { name: 'order', description: '', parameters: {} }, sideEffect: true, sayMeanwhile: '' },
    ],
  },
  detector: createSilenceTurnDetector(config.turn),
  renderedGreeting: undefined,
  resumed: undefined,
};

type Bare = RealtimeConversationEvent extends infer E ? (E extends { atMs: number } ? Omit<E, 'atMs'> : never) : never;
const small = fc.integer({ min: 0, max: 6 });
const ms = fc.integer({ min: 0, max: 3_000 });
const flag = fc.boolean();
const code = fc.constant('provider_timeout' as const);
const text = fc.constantFrom('One. ', 'two ', '');
const call = fc.record({
  id: fc.constant('1'),
  name: fc.constantFrom('end_call', 'transfer', 'strange', 'look', 'order'),
  args: fc.constantFrom({}, { target: 'a,1,1' }, { target: 'b,1,1' }),
});
const awaits = fc.constantFrom('nothing' as const, 'tools' as const);
const anyEvent: fc.Arbitrary<Bare> = fc.oneof(
  fc.record({ type: fc.constant('started' as const) }),
  fc.record({ type: fc.constant('speech-start' as const), startMs: ms }),
  fc.record({ type: fc.constant('speech-sustained' as const) }),
  fc.record({ type: fc.constant('speech-end' as const), lastVoicedMs: ms }),
  fc.record({ type: fc.constant('dtmf' as const), digit: fc.constantFrom('1', '#') }),
  fc.record({ type: fc.constant('caller-text' as const), turn: small, text, final: flag }),
  fc.record({ type: fc.constant('answer-text' as const), answer: small, text }),
  fc.record({ type: fc.constant('answer-tool' as const), answer: small, call }),
  fc.record({ type: fc.constant('answer-done' as const), answer: small, awaits }),
  fc.record({
    type: fc.constant('tool-result' as const),
    callId: fc.constant('1'),
    result: fc.constant('x'),
    code: fc.constant(null),
  }),
  fc.record({
    type: fc.constant('handed-over' as const),
    result: fc.constantFrom({ ok: true } as const, { ok: false, reason: 'asterisk_unreachable' } as const),
  }),
  fc.record({ type: fc.constant('answer-too-long' as const), answer: small }),
  fc.record({ type: fc.constant('session-failed' as const), code }),
  fc.record({ type: fc.constant('sound' as const), answer: small, soundMs: ms, complete: flag }),
  fc.record({ type: fc.constant('voice-failed' as const), answer: small, code }),
  fc.record({ type: fc.constant('utterance-started' as const), answer: small }),
  fc.record({ type: fc.constant('utterance-finished' as const), answer: small, playedMs: ms, cut: flag }),
  fc.record({ type: fc.constant('timer' as const), name: fc.constantFrom(...REALTIME_TIMERS) }),
  fc.record({ type: fc.constant('say' as const), text: fc.constant('A word.') }),
  fc.record({ type: fc.constant('finish' as const), reason: fc.constant('operator') }),
);

interface Ran {
  readonly states: RealtimeState[];
  /** With the event each comes from. */
  readonly steps: { readonly event: Bare; readonly actions: readonly RealtimeAction[] }[];
  readonly actions: RealtimeAction[];
}

function run(events: readonly Bare[]): Ran {
  let state = initialRealtimeState();
  const ran: Ran = { states: [state], steps: [], actions: [] };
  events.forEach((event, i) => {
    const nowMs = i * 150;
    const [next, actions] = step(state, { ...event, atMs: nowMs } as RealtimeConversationEvent, { ...view, nowMs });
    state = next;
    ran.states.push(state);
    ran.steps.push({ event, actions });
    ran.actions.push(...actions);
  });
  return ran;
}

describe('any order of events, also an impossible one', () => {
  const started: Bare = { type: 'started' };
  const anyCall = (maxLength: number) => fc.array(anyEvent, { maxLength }).map((events) => [started, ...events]);

  it('ends the conversation at most once, and nothing is done after the end', () => {
    fc.assert(
      fc.property(anyCall(120), (events) => {
        const { actions } = run(events);
        expect(actions.filter((action) => action.type === 'end').length).toBeLessThanOrEqual(1);
        const at = actions.findIndex((action) => action.type === 'end');
        if (at >= 0) expect(actions.slice(at + 1)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('ends when the caller is gone and the open utterance has reported back', () => {
    fc.assert(
      fc.property(anyCall(120), (events) => {
        let state = run(events).states.at(-1) as RealtimeState;
        const tell = (event: Bare) => {
          const stamped = { ...event, atMs: 99_000 } as RealtimeConversationEvent;
          [state] = step(state, stamped, { ...view, nowMs: 99_000 });
        };
        tell({ type: 'caller-gone', reason: 'caller_hangup' });
        const open = state.answer?.id;
        if (open !== undefined) tell({ type: 'utterance-finished', answer: open, playedMs: 0, cut: true });
        expect(state.phase).toBe('ended');
      }),
      { numRuns: 400 },
    );
  });

  it('keeps every bound', () => {
    fc.assert(
      fc.property(anyCall(300), (events) => {
        for (const state of run(events).states) {
          expect(state.history.length).toBeLessThanOrEqual(REMEMBERED_MAX);
          expect(state.entries.length).toBeLessThanOrEqual(ENTRIES_MAX);
          expect(state.sayQueue.length).toBeLessThanOrEqual(SAY_QUEUE_MAX);
          expect(state.caller.digits.length).toBeLessThanOrEqual(DIGITS_MAX);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('never transfers to a target that is not listed', () => {
    fc.assert(
      fc.property(anyCall(120), (events) => {
        for (const action of run(events).actions) {
          if (action.type === 'end') expect([undefined, 'a,1,1']).toContain(action.end.transferTo);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('asks a session for one answer at a time, and opens one turn at a time', () => {
    fc.assert(
      fc.property(anyCall(120), (events) => {
        let making: number | undefined;
        let turnOpen = false;
        for (const { event, actions } of run(events).steps) {
          const isDone = event.type === 'answer-done' && event.awaits === 'nothing' && event.answer === making;
          // A session that has failed makes nothing any more, also where no other takes its place.
          if (isDone || event.type === 'session-failed') making = undefined;
          for (const action of actions) {
            if (action.type === 'report-failure') [making, turnOpen] = [undefined, false];
            if (action.type === 'truncate' && action.answer === making) making = undefined;
            if (action.type === 'begin-turn') {
              expect(turnOpen).toBe(false);
              turnOpen = true;
            }
            if (action.type !== 'ask' && action.type !== 'ask-to-say') continue;
            if (action.type === 'ask') turnOpen = false;
            expect(making).toBeUndefined();
            making = action.answer;
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it('writes the turns of the transcript in the order of their end, each once', () => {
    fc.assert(
      fc.property(anyCall(200), (events) => {
        const { actions, states } = run(events);
        const asked = actions.filter((action) => action.type === 'ask').length;
        const written = actions.filter((action) => action.type === 'record-turn' && action.turn.role === 'user').length;
        const waiting = states.at(-1)?.entries.filter((entry) => entry.role === 'user').length ?? 0;
        // What was said last and not answered is written at the end as well.
        const leftover = actions.some((action) => action.type === 'end') ? 1 : 0;
        expect(written + waiting).toBeGreaterThanOrEqual(asked);
        expect(written + waiting).toBeLessThanOrEqual(asked + leftover);
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same result twice', () => {
    fc.assert(
      fc.property(anyCall(60), (events) => {
        expect(run(events)).toEqual(run(events));
      }),
      { numRuns: 50 },
    );
  });
});
