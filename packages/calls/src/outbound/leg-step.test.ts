import type { AriFailure } from '@rapida/ari';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  inboundLeg,
  type LegAction,
  type LegEvent,
  type LegState,
  MEDIA_MS_MAX,
  outboundLeg,
  RING_GRACE_MS,
  SESSION_END_MS,
  stepLeg,
} from './leg-step.js';

const RING_MS = 30_000;
const stasis = (): LegState => outboundLeg('stasis', { ringMs: RING_MS });
const dialplan = (): LegState => outboundLeg('dialplan', { ringMs: RING_MS });
const failure = (changes: Partial<AriFailure> = {}): AriFailure => ({
  kind: 'server_error',
  message: 'words',
  sent: true,
  ...changes,
});

/** The last state, and what each event made the shell do. */
function play(state: LegState, ...events: LegEvent[]): { state: LegState; steps: readonly (readonly LegAction[])[] } {
  const steps: (readonly LegAction[])[] = [];
  let current = state;
  for (const event of events) {
    const [next, actions] = stepLeg(current, event);
    current = next;
    steps.push(actions);
  }
  return { state: current, steps };
}

const typesOf = (actions: readonly LegAction[] | undefined): string[] => (actions ?? []).map(({ type }) => type);
const didLast = (state: LegState, ...events: LegEvent[]): readonly LegAction[] =>
  play(state, ...events).steps.at(-1) ?? [];
const endOf = (actions: readonly LegAction[]) =>
  actions.flatMap((action) => (action.type === 'end' ? [action.outcome] : []))[0];

const START: LegEvent = { type: 'start' };
const RINGING: LegEvent = { type: 'ringing' };
const UP: LegEvent = { type: 'up' };
const IN_STASIS: LegEvent = { type: 'in_stasis' };
const CONNECTED: LegEvent = { type: 'session_connected' };
const gone = (cause: number, techCause?: number): LegEvent => ({ type: 'phone_gone', cause: { cause, techCause } });

describe('a call that is dialled', () => {
  it('asks Asterisk to dial, and from then on minds the ringing itself, a while longer than Asterisk does', () => {
    expect(didLast(stasis(), START)).toEqual([{ type: 'originate' }]);
    expect(didLast(stasis(), START, { type: 'asked' })).toEqual([
      { type: 'set_timer', timer: 'ring', delayMs: RING_MS + RING_GRACE_MS },
    ]);
  });

  it('records once that it rings and once that it was answered, however often it is told', () => {
    const { steps } = play(dialplan(), START, RINGING, RINGING, UP, UP, RINGING);
    const records = steps.flat().filter(({ type }) => type === 'record');
    expect(records).toEqual([
      { type: 'record', input: 'ring' },
      { type: 'record', input: 'answer' },
    ]);
  });

  it('builds the media when the channel is in our application, which proves the answer', () => {
    const actions = didLast(stasis(), START, IN_STASIS);
    expect(actions).toContainEqual({ type: 'record', input: 'answer' });
    expect(actions).toContainEqual({ type: 'set_timer', timer: 'media', delayMs: MEDIA_MS_MAX });
    expect(typesOf(actions).filter((type) => type === 'build_media')).toHaveLength(1);
    expect(didLast(stasis(), START, UP, IN_STASIS)).toEqual([{ type: 'build_media' }]);
    expect(didLast(stasis(), START, IN_STASIS, IN_STASIS)).toEqual([]);
  });

  it('leaves the media to the dialplan where that has the call', () => {
    expect(typesOf(didLast(dialplan(), START, UP))).not.toContain('build_media');
    expect(didLast(dialplan(), START, UP, IN_STASIS)).toEqual([]);
  });

  it('takes connected sound for the answer, where the report of it comes late', () => {
    const { state, steps } = play(dialplan(), START, CONNECTED, UP, RINGING);
    expect(state.phase).toBe('connected');
    expect(steps.flat().filter(({ type }) => type === 'record')).toEqual([{ type: 'record', input: 'answer' }]);
  });

  it.each([
    [gone(17, 486), false, 'busy', 'busy'],
    [gone(21, 603), false, 'reject', 'rejected'],
    [gone(21, 403), false, 'fail', 'trunk_refused'],
    [gone(1, 404), false, 'fail', 'number_unknown'],
    [gone(19, 480), true, 'no_answer', 'no_answer'],
    [gone(19, 480), false, 'fail', 'unreachable'],
    [gone(34, 503), false, 'fail', 'trunk_busy'],
    [gone(0), true, 'fail', 'asterisk_lost'],
    [gone(99), false, 'fail', 'call_failed'],
    [{ type: 'phone_lost' } as const, true, 'fail', 'asterisk_lost'],
  ])('ends as itself: %j, rang %s: %s, %s', (event, rang, ending, reason) => {
    const actions = didLast(stasis(), START, ...(rang ? [RINGING] : []), event);
    expect(endOf(actions)).toMatchObject({ ending, reason });
    expect(actions.at(-1)).toEqual({ type: 'close' });
  });

  it('is given up when Asterisk does not end the ringing', () => {
    const actions = didLast(dialplan(), START, RINGING, { type: 'timer', timer: 'ring' });
    expect(endOf(actions)).toMatchObject({ ending: 'no_answer' });
    expect(typesOf(actions)).toContain('hang_up_phone');
  });

  it.each(['stasis', 'dialplan'] as const)('is hung up when it was answered and no sound came: %s', (mode) => {
    const actions = didLast(outboundLeg(mode, { ringMs: RING_MS }), START, UP, { type: 'timer', timer: 'media' });
    expect(endOf(actions)).toMatchObject({ ending: 'fail', reason: 'no_media', code: 'no_media' });
    expect(typesOf(actions)).toContain('hang_up_phone');
    expect(typesOf(actions).includes('take_down_media')).toBe(mode === 'stasis');
  });

  it('says that the other side hung up before there was sound', () => {
    expect(endOf(didLast(stasis(), START, IN_STASIS, gone(16)))).toMatchObject({
      ending: 'fail',
      disconnectedBy: 'user',
      reason: 'hung_up_before_media',
    });
  });
});

describe('a request that fails', () => {
  const originateFailed = (changes: Partial<AriFailure>, trunkUnknown = false): LegEvent => ({
    type: 'originate_failed',
    failure: failure(changes),
    trunkUnknown,
  });

  it.each([
    [originateFailed({ kind: 'unauthorized', status: 401 }), 'ari_unauthorized'],
    [originateFailed({ kind: 'unreachable', sent: false }), 'ari_unreachable'],
    [originateFailed({ kind: 'allocation_failed' }, true), 'trunk_unknown'],
    [originateFailed({ kind: 'allocation_failed' }, false), 'number_rejected'],
    [originateFailed({ kind: 'invalid' }), 'ari_failed'],
  ])('ends the call with what is to be changed: %j is %s', (event, code) => {
    expect(endOf(didLast(stasis(), START, event))).toMatchObject({ ending: 'fail', reason: code, code });
  });

  it('hangs up all the same where the answer was lost: the telephone may ring', () => {
    for (const kind of ['timeout', 'unreachable'] as const) {
      expect(typesOf(didLast(stasis(), START, originateFailed({ kind, sent: true })))).toContain('hang_up_phone');
      expect(typesOf(didLast(stasis(), START, originateFailed({ kind, sent: false })))).not.toContain('hang_up_phone');
    }
  });

  it('means nothing where the call was answered meanwhile', () => {
    expect(didLast(stasis(), START, UP, originateFailed({ kind: 'timeout', sent: true }))).toEqual([]);
  });

  it('ends an answered call whose media cannot be made', () => {
    const actions = didLast(stasis(), START, IN_STASIS, { type: 'media_failed', failure: failure() });
    expect(endOf(actions)).toMatchObject({ ending: 'fail', reason: 'ari_failed', detail: 'words' });
    expect(typesOf(actions)).toEqual(expect.arrayContaining(['take_down_media', 'hang_up_phone', 'close']));
  });
});

describe('a call in conversation', () => {
  const talking = (state: LegState): [LegState, ...LegEvent[]] => [state, START, IN_STASIS, UP, CONNECTED];

  it('is hung up when the session has ended, and its media taken down', () => {
    const actions = didLast(...talking(stasis()), { type: 'session_ended' });
    expect(typesOf(actions).slice(-3)).toEqual(['hang_up_phone', 'take_down_media', 'close']);
    expect(endOf(actions)).toBeUndefined();
  });

  const LEAVE: LegEvent = { type: 'leave' };
  const STASIS_END: LegEvent = { type: 'stasis_end' };

  it('is let go where Asterisk has taken it: its telephone stays, only the media is taken down', () => {
    for (const seen of [[], [STASIS_END], [STASIS_END, gone(17)]]) {
      const handedOver = [...talking(stasis()), LEAVE, ...seen, { type: 'leave_taken' }] as const;
      const { steps } = play(...handedOver, gone(17), { type: 'session_ended' });
      expect(typesOf(steps.slice(4).flat())).not.toContain('tell_gone');
      expect(typesOf(steps.at(-1)).slice(-2)).toEqual(['take_down_media', 'close']);
      expect(typesOf(steps.flat())).not.toContain('hang_up_phone');
    }
  });

  it('goes on where Asterisk did not let it go, or ends where its telephone was gone meanwhile', () => {
    const refused: LegEvent = { type: 'leave_refused' };
    expect(didLast(...talking(stasis()), LEAVE, refused)).toEqual([]);
    expect(typesOf(didLast(...talking(stasis()), LEAVE, refused, { type: 'session_ended' }))).toContain(
      'hang_up_phone',
    );
    expect(typesOf(didLast(...talking(stasis()), LEAVE, STASIS_END, refused))).toContain('tell_gone');
    expect(typesOf(didLast(...talking(stasis()), LEAVE, refused, STASIS_END))).toContain('tell_gone');
  });

  it('is left to the dialplan that has it', () => {
    expect(typesOf(didLast(dialplan(), START, UP, CONNECTED, { type: 'session_ended' }))).toEqual([
      ...['cancel_timer', 'cancel_timer', 'cancel_timer'],
      'close',
    ]);
  });

  it('loses its media with its telephone, and the session is told before', () => {
    const actions = didLast(...talking(stasis()), gone(16));
    expect(didLast(...talking(stasis()), gone(16), gone(0))).toEqual([]);
    expect(actions).toEqual([
      { type: 'tell_gone' },
      { type: 'take_down_media' },
      { type: 'set_timer', timer: 'session', delayMs: SESSION_END_MS },
    ]);
    expect(didLast(...talking(stasis()), gone(16), { type: 'timer', timer: 'session' })).toEqual([
      { type: 'close_session', reason: 'channel_gone' },
    ]);
  });

  it('hands on keys, in Stasis only: the dialplan leaves them to the media', () => {
    const key: LegEvent = { type: 'dtmf', digit: '5' };
    expect(didLast(...talking(stasis()), key)).toEqual([{ type: 'press', digit: '5' }]);
    expect(didLast(dialplan(), START, UP, CONNECTED, key)).toEqual([]);
    expect(didLast(stasis(), START, IN_STASIS, key)).toEqual([]);
  });

  it('is ended through its session', () => {
    expect(didLast(...talking(stasis()), { type: 'cancel', reason: 'why' })).toEqual([
      { type: 'close_session', reason: 'why' },
    ]);
  });
});

describe('a channel that came into our application', () => {
  it('is answered and gets its media', () => {
    expect(typesOf(didLast(inboundLeg(), START))).toEqual(['set_timer', 'answer', 'build_media']);
  });
});

describe('whatever comes in whatever order', () => {
  const event: fc.Arbitrary<LegEvent> = fc.oneof(
    fc.constantFrom<LegEvent>(
      START,
      { type: 'asked' },
      RINGING,
      UP,
      IN_STASIS,
      CONNECTED,
      { type: 'media_gone' },
      { type: 'phone_lost' },
    ),
    fc.record({ type: fc.constant('timer' as const), timer: fc.constantFrom('ring', 'media', 'session') }),
    fc.integer({ min: 0, max: 60 }).map((cause) => gone(cause)),
    fc.constantFrom<LegEvent>(
      { type: 'cancel', reason: 'why' },
      { type: 'session_ended' },
      { type: 'stasis_end' },
      { type: 'leave' },
      { type: 'leave_taken' },
      { type: 'leave_refused' },
      { type: 'media_failed', failure: failure() },
      { type: 'originate_failed', failure: failure({ kind: 'timeout' }), trunkUnknown: false },
    ),
  );
  const leg = fc.constantFrom(stasis, dialplan, inboundLeg);

  it('ends at most once, and does nothing after it has closed', () => {
    fc.assert(
      fc.property(leg, fc.array(event, { maxLength: 40 }), (make, events) => {
        const { steps } = play(make(), START, ...events);
        const actions = steps.flat();
        expect(actions.filter(({ type }) => type === 'end').length).toBeLessThanOrEqual(1);
        const closedAt = actions.findIndex(({ type }) => type === 'close');
        if (closedAt !== -1) expect(closedAt).toBe(actions.length - 1);
      }),
    );
  });

  it('never forgets the telephone in Stasis: it is hung up, handed on, or gone', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const { state, steps } = play(stasis(), START, ...events);
        if (state.phase !== 'closed') return;
        const actions = typesOf(steps.flat());
        const wasGone = events.some(({ type }) => ['phone_gone', 'phone_lost', 'stasis_end'].includes(type));
        const wasTaken = state.leaving === 'taken';
        const neverDialled = events.some((one) => one.type === 'originate_failed' && !one.failure.sent);
        expect(wasGone || wasTaken || neverDialled || actions.includes('hang_up_phone')).toBe(true);
        if (actions.includes('build_media')) expect(actions.lastIndexOf('take_down_media')).toBeGreaterThan(0);
      }),
    );
  });
});
