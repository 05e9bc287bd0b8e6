import { createConversation } from '@rapida/conversation';
import { silentTelemetry } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { createPlayout, createTicker } from '@rapida/media';
import { expect, it } from 'vitest';
import { FakeTransport } from './testing/fake-transport.js';
import { claimed, eventTypes, type Harness, openHarness, record } from './testing/harness.js';

/** The real conversation over the real playout; only the line, the engines and the clock are played. */
function openWhole(): Promise<Harness> {
  return openHarness({
    config: { greeting: 'Hi {{name}}', variables: { name: 'Ann' }, silence: { promptAfterMs: 1_000, prompts: [] } },
    createConversation,
    createPlayout: (clock) => {
      const onError = (error: unknown): never => expect.unreachable(String(error));
      const ticker = createTicker(clock, { telemetry: silentTelemetry, onError });
      return (leg) => createPlayout({ ...leg, ticker, clock, telemetry: silentTelemetry });
    },
  });
}

it('greets with the first frame, without gaps, and leaves nothing behind when the caller hangs up', async () => {
  const harness = await openWhole();
  const context = await claimed(harness);
  await settle();
  const transport = new FakeTransport();
  const attached = harness.useCases.media.attach(context, transport);
  await harness.clock.advance(20 * 20);
  // "Hi Ann" has six letters, each 20 ms of sound that carries the number of letters.
  expect(transport.sent.filter((sample) => sample === 6)).toHaveLength(6);
  expect(transport.sent.indexOf(6)).toBeLessThanOrEqual(1);
  expect(transport.sent.length).toBeGreaterThanOrEqual(20);
  transport.callerHangsUp();
  await attached;
  expect(await record(harness, context)).toMatchObject({ state: 'completed', disconnectedBy: 'user' });
  expect(await harness.stores.calls.turns(context.callId)).toMatchObject([{ role: 'assistant', text: 'Hi Ann' }]);
  expect(harness.clock.pendingTimers).toBe(0);
  expect(harness.scopeErrors).toEqual([]);
});

it('hangs up by itself on a caller who never says a word', async () => {
  const harness = await openWhole();
  const context = await claimed(harness);
  const transport = new FakeTransport();
  const attached = harness.useCases.media.attach(context, transport);
  await harness.clock.advance(30_000);
  await attached;
  expect(transport.hangups).toBe(1);
  expect(await record(harness, context)).toMatchObject({ state: 'completed', reason: 'caller_silent' });
  expect(await eventTypes(harness, context)).toEqual(['webhook', 'call.connected', 'call.ended']);
  expect(harness.clock.pendingTimers).toBe(0);
});
