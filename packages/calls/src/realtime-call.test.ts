import { createConversation } from '@rapida/conversation';
import { type AssistantConfigInput, silentTelemetry } from '@rapida/core';
import { createLoudnessDetector, ScriptedRealtime, settle } from '@rapida/core/testing';
import { createPlayout, createTicker } from '@rapida/media';
import { expect, it } from 'vitest';
import { FakeTransport } from './testing/fake-transport.js';
import { claimed, eventTypes, type Harness, openHarness, record } from './testing/harness.js';
import { TAKEN_MS_MAX } from './transfers.js';

const STORY = 'Once upon a time there was a king who had three daughters and a very old horse.';

/** The real conversation with a model that hears and speaks, over the real playout; only the line, the model and the clock are played. */
async function openWhole(
  script: ConstructorParameters<typeof ScriptedRealtime>[1],
  config: Partial<AssistantConfigInput> = {},
) {
  const harness = await openHarness({
    config: { greeting: 'Hi {{name}}', variables: { name: 'Ann' }, ...config },
    transferTargets: ['sales,1,1'],
    createConversation,
    createPlayout: (clock) => {
      const onError = (error: unknown): never => expect.unreachable(String(error));
      const ticker = createTicker(clock, { telemetry: silentTelemetry, onError });
      return (leg) => createPlayout({ ...leg, ticker, clock, telemetry: silentTelemetry });
    },
  });
  const realtime = new ScriptedRealtime(harness.clock, script);
  harness.providers.others = { realtime, vad: createLoudnessDetector };
  return { harness, realtime };
}

const VOICED = 5_000;

async function hear(harness: Harness, transport: FakeTransport, ms: number, value: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 20) {
    await harness.clock.advance(20);
    transport.push(value);
  }
}

it('greets, answers, is interrupted, refuses a transfer, makes one, and leaves a true record', async () => {
  const transferTo = (id: string, target: string) => [{ id, name: 'transfer', args: { target } }];
  const { harness, realtime } = await openWhole([
    { hears: 'tell me a story', says: STORY },
    {
      hears: 'stop, give me the director',
      calls: transferTo('t1', 'director,1,1'),
      afterCalls: { says: 'I can only put you through to sales.' },
    },
    { hears: 'sales then, goodbye', says: 'One moment. Goodbye.', calls: transferTo('t2', 'sales,1,1') },
  ]);
  const context = await claimed(harness);
  await settle();
  const transport = new FakeTransport();
  const attached = harness.useCases.media.attach(context, transport);
  await hear(harness, transport, 1_000, 0);
  await hear(harness, transport, 600, VOICED);
  await hear(harness, transport, 2_000, 0);
  // 300 ms of speech silence the assistant: nothing but silence goes out from the frame after.
  await hear(harness, transport, 300, VOICED);
  const stoppedAt = transport.sent.length;
  await hear(harness, transport, 400, VOICED);
  expect(new Set(transport.sent.slice(stoppedAt))).toEqual(new Set([0]));
  await hear(harness, transport, 4_000, 0);
  await hear(harness, transport, 600, VOICED);
  await hear(harness, transport, 3_000, 0);
  await attached;

  const turns = await harness.stores.calls.turns(context.callId);
  expect(turns.map(({ role, text, interrupted }) => `${role}${interrupted ? ' (cut)' : ''}: ${text}`)).toEqual([
    'assistant: Hi Ann',
    'user: tell me a story',
    expect.stringMatching(/^assistant \(cut\): Once upon a time there was a king/),
    'user: stop, give me the director',
    'assistant: I can only put you through to sales.',
    'user: sales then, goodbye',
    'assistant: One moment. Goodbye.',
  ]);
  expect(turns[2]?.metrics.response_latency_ms).toBeGreaterThan(500);
  expect(await record(harness, context)).toMatchObject({
    state: 'completed',
    disconnectedBy: 'assistant',
    reason: 'transfer',
    directive: 'goto:sales,1,1',
  });
  expect(await eventTypes(harness, context)).toEqual(['webhook', 'call.connected', 'tool.called', 'call.ended']);
  const [session] = realtime.sessions;
  expect(realtime.sessions).toHaveLength(1);
  expect(session?.remembered).toEqual(['Hi Ann']);
  expect(session?.results.map(({ name }) => name)).toEqual(['transfer']);
  expect(session?.truncated).toHaveLength(1);
  expect(session?.closed).toBe(true);
  // So long the dialplan may ask where the caller is to go.
  await harness.clock.advance(TAKEN_MS_MAX);
  expect(harness.clock.pendingTimers).toBe(0);
  expect(harness.scopeErrors).toEqual([]);
});

it('ends everything at once when the caller hangs up in the middle of an answer', async () => {
  const { harness, realtime } = await openWhole([{ hears: 'tell me a story', says: STORY }]);
  const context = await claimed(harness);
  await settle();
  const transport = new FakeTransport();
  const attached = harness.useCases.media.attach(context, transport);
  await hear(harness, transport, 1_000, 0);
  await hear(harness, transport, 600, VOICED);
  await hear(harness, transport, 2_000, 0);
  transport.callerHangsUp();
  await attached;
  expect(await record(harness, context)).toMatchObject({ state: 'completed', disconnectedBy: 'user' });
  expect(realtime.sessions[0]?.closed).toBe(true);
  expect(harness.clock.pendingTimers).toBe(0);
});

it('lets the model greet where the local voice does not know the language', async () => {
  const { harness, realtime } = await openWhole([], { language: 'de-DE', greeting: 'Guten Tag' });
  const context = await claimed(harness);
  await settle();
  const transport = new FakeTransport();
  const attached = harness.useCases.media.attach(context, transport);
  await hear(harness, transport, 1_000, 0);
  expect(realtime.sessions[0]?.said).toEqual(['Guten Tag']);
  expect(harness.providers.voice.spoken).toEqual([]);
  transport.callerHangsUp();
  await attached;
  expect(await harness.stores.calls.turns(context.callId)).toMatchObject([{ role: 'assistant', text: 'Guten Tag' }]);
});
