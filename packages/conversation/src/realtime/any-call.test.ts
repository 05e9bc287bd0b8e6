import { Faults } from '@rapida/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RealtimeRehearsal } from './testing/realtime-rehearsal.js';

const SCRIPT = [
  { hears: 'tell me a story', says: 'Once upon a time there was a king who had three daughters.' },
  {
    hears: 'the director',
    calls: [{ id: 't', name: 'transfer', args: { target: 'x,1,1' } }],
    afterCalls: { says: 'No.' },
  },
  { hears: 'goodbye', says: 'Goodbye.', calls: [{ id: 'e', name: 'end_call', args: {} }] },
] as const;

const CONFIG = { greeting: 'Hello.', limits: { providerMs: 1_000 }, silence: { promptAfterMs: 4_000 } } as const;

/** However it went: one end, everything that was begun has finished, nothing is left. */
function expectOver(call: RealtimeRehearsal): void {
  expect(call.ends).toBe(1);
  expect(call.playout.finished.map(({ id }) => id)).toEqual(call.playout.begun);
  expect(call.model.sessions.every(({ closed }) => closed)).toBe(true);
  expect(call.clock.pendingTimers).toBe(0);
  expect(call.errors).toEqual([]);
  const ends = call.turns.filter(({ role }) => role === 'assistant').map(({ endMs }) => endMs);
  expect(ends).toEqual([...ends].sort((a, b) => a - b));
}

describe('a call over a realtime model', () => {
  /** The whole call, with a caller who speaks every few seconds. */
  async function calling(faults: Faults): Promise<RealtimeRehearsal> {
    const call = new RealtimeRehearsal({ config: CONFIG, script: SCRIPT, model: { faults } }).start();
    for (let said = 0; said < 5 && call.end === undefined; said++) {
      await call.silence(2_500);
      await call.speak(600);
    }
    await call.silentUntil(() => call.end !== undefined, 120_000);
    return call;
  }

  it.each(['throw', 'hang'] as const)('ends as it should whichever event the model fails at: %s', async (how) => {
    const none = new Faults();
    expect((await calling(none)).end?.reason).toBe('end_call');
    expect(none.passed).toBeGreaterThan(30);
    for (let nth = 1; nth <= none.passed; nth++) {
      const call = await calling(new Faults(nth, how));
      expectOver(call);
      expect(['end_call', 'caller_silent', 'provider_failed']).toContain(call.end?.reason);
      // Nobody is left in silence: what the model could not say was said by the local voice.
      expect(call.turns.filter(({ role }) => role === 'assistant').length).toBeGreaterThan(2);
    }
  });

  const anything = fc.oneof(
    fc.record({ do: fc.constant('speak' as const), ms: fc.integer({ min: 20, max: 1_500 }) }),
    fc.record({ do: fc.constant('silence' as const), ms: fc.integer({ min: 20, max: 3_000 }) }),
    fc.record({ do: fc.constant('key' as const), ms: fc.constant(20) }),
    fc.record({ do: fc.constant('say' as const), ms: fc.constant(20) }),
    fc.record({ do: fc.constant('lose' as const), ms: fc.constant(20) }),
    fc.record({ do: fc.constant('nothing sent' as const), ms: fc.integer({ min: 20, max: 2_000 }) }),
  );

  it('ends as it should whatever the caller, the vendor and the outside do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 20 }), async (steps) => {
        const call = new RealtimeRehearsal({ config: CONFIG, script: SCRIPT }).start();
        for (const step of steps) {
          if (step.do === 'key') call.conversation.onDtmf('5');
          if (step.do === 'say') call.conversation.say('A word.');
          if (step.do === 'lose') call.model.lose();
          if (step.do === 'nothing sent') await call.clock.advance(step.ms);
          else if (step.do === 'speak') await call.speak(step.ms);
          else await call.silence(step.ms);
        }
        call.conversation.callerGone('caller_hangup');
        await call.clock.advance(0);
        expectOver(call);
      }),
      { numRuns: 60 },
    );
  });
});
