import { type CallState, type CallStore, RapidaError } from '@rapida/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeTransport } from './testing/fake-transport.js';
import { claimed, eventTypes, openHarness, PROJECT, record } from './testing/harness.js';

const ENDINGS = ['call.ended', 'call.failed'];

/**
 * Whatever comes when, and however badly the store behaves meanwhile: one end, one outcome, nothing left behind. Each run
 * is a schedule of things that happen to one call in virtual time.
 */
describe('an end at any moment', () => {
  const happenings = {
    callerHangsUp: (call: Attached) => call.transport.callerHangsUp(),
    mediaBreaks: (call: Attached) => call.transport.fails('socket_error'),
    goodbye: ({ harness }: Attached) =>
      harness.conversations[0]?.end({ by: 'assistant', reason: 'end_call', failed: false }),
    hangupOrdered: ({ harness, callId }: Attached) =>
      void harness.useCases.calls.hangup(PROJECT, callId).catch(() => {}),
    processEnds: ({ harness }: Attached) => void harness.scope.close(),
    enginesFail: ({ fail }: Attached) => fail(new RapidaError('provider_unavailable')),
    enginesOpen: ({ open }: Attached) => open(),
  };
  type Happening = keyof typeof happenings;
  type Attached = Awaited<ReturnType<typeof attachAt>>;

  async function attachAt(failing: readonly number[]) {
    let writes = 0;
    const flaky = (calls: CallStore): CallStore => ({
      ...calls,
      transition: (id, from, state: CallState, patch, event) =>
        failing.includes(writes++)
          ? Promise.reject(new RapidaError('store_failed'))
          : calls.transition(id, from, state, patch, event),
    });
    const harness = await openHarness({ wrapCalls: flaky });
    let open = () => {};
    let fail = (_: Error) => {};
    harness.providers.gate = new Promise((resolve, reject) => {
      open = resolve;
      fail = reject;
    });
    const context = await claimed(harness);
    const transport = new FakeTransport();
    let done = false;
    const attached = harness.useCases.media.attach(context, transport).then(() => {
      done = true;
    });
    return { harness, context, callId: context.callId, transport, attached, open, fail, isDone: () => done };
  }

  it('ends once with one outcome, and leaves nothing behind', async () => {
    const schedule = fc.array(
      fc.record({
        afterMs: fc.constantFrom(0, 0, 1, 20, 99, 250, 400, 1_000, 2_000),
        what: fc.constantFrom(...(Object.keys(happenings) as Happening[])),
      }),
      { minLength: 1, maxLength: 6 },
    );
    const failing = fc.uniqueArray(fc.nat(3), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(schedule, failing, async (steps, failingWrites) => {
        const call = await attachAt(failingWrites);
        for (const { afterMs, what } of steps) {
          if (afterMs > 0) await call.harness.clock.advance(afterMs);
          happenings[what](call);
        }
        // Where nothing in the schedule ended it, the caller does.
        await call.harness.clock.advance(5_000);
        call.transport.callerHangsUp();
        await call.harness.clock.advance(20_000);
        expect(call.isDone()).toBe(true);
        await call.harness.scope.close();
        const ended = [...call.harness.telemetry.counts].filter(([name]) =>
          name.startsWith('rapida_calls_ended_total'),
        );
        expect(ended.reduce((sum, [, count]) => sum + count, 0)).toBe(1);
        for (const playout of call.harness.playouts) expect(playout.closed).toBe(1);
        expect(call.harness.clock.pendingTimers).toBe(0);
        expect(call.harness.scopeErrors).toEqual([]);
        // Where the store refused too often to take the end, the next start gives the call one.
        await call.harness.restarted().prepare();
        expect(['completed', 'failed']).toContain((await record(call.harness, call.context)).state);
        const types = await eventTypes(call.harness, call.context);
        expect(types.filter((type) => ENDINGS.includes(type))).toHaveLength(1);
      }),
      { numRuns: 150 },
    );
  });
});
