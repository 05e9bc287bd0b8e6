import { type CallContext, RapidaError } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import type { CallsRuntime } from './create-use-cases.js';
import { BEGIN, END_WRITTEN_MS_MAX, HANGUP, RESUME } from './directive.js';
import { EXPIRY_SWEEP_MS } from './expire-contexts.js';
import { RESUME_WINDOW_MS } from './recover.js';
import { RESUMED_TTL_MS } from './resume-call.js';
import { FakeTransport } from './testing/fake-transport.js';
import {
  ASSISTANT,
  claimed,
  connected,
  eventTypes,
  type Harness,
  INBOUND,
  metricsOf,
  openHarness,
  PROJECT,
  record,
} from './testing/harness.js';

const ASKER = { projectId: PROJECT, assistantId: ASSISTANT };
const GOODBYE = { by: 'assistant', reason: 'end_call', failed: false } as const;

/** Registers again and connects, as a dialplan does whose media was lost. */
async function comeBack(harness: Harness, at: CallsRuntime, { contextId }: CallContext) {
  expect(await at.useCases.media.resume(contextId, ASKER)).toBe(contextId);
  const claim = await at.useCases.media.claim(contextId, 'websocket', '192.0.2.1');
  if (!claim.ok) throw new Error(claim.code);
  const transport = new FakeTransport();
  const attached = at.useCases.media.attach(claim.context, transport);
  await settle();
  return { context: claim.context, transport, conversation: harness.conversations.at(-1)!, attached };
}

describe('a call that outlives its node', () => {
  it('goes on at another one: same call, same context, what was said is told to the conversation', async () => {
    const harness = await openHarness({ config: { resumption: { say: 'There you are.' } } });
    const { context, conversation } = await connected(harness);
    const { connectedAtMs } = await record(harness, context);
    conversation.turn({ role: 'assistant', text: 'Hello', startMs: 0, endMs: 900 });
    conversation.turn({ role: 'user', text: 'Hi', startMs: 1_000, endMs: 1_400 });
    conversation.turn({ role: 'assistant', text: 'Nice', startMs: 2_000, endMs: 2_200, interrupted: true });
    await harness.clock.advance(5_000);
    const again = await comeBack(harness, harness.restarted(), context);
    expect(again.context).toEqual({ ...context, resumed: { leg: 1, connectedAtMs } });
    expect(again.conversation).not.toBe(conversation);
    expect(again.conversation.options.resumed).toEqual({
      elapsedMs: 5_000,
      history: [
        { role: 'assistant', text: 'Hello' },
        { role: 'user', text: 'Hi' },
        { role: 'assistant', text: 'Nice', interrupted: true },
      ],
    });
    expect(again.conversation.options.greeting?.text).toBe('There you are.');
    expect(await record(harness, context)).toMatchObject({ state: 'connected', resumes: 1, connectedAtMs });
    expect(await eventTypes(harness, context)).toEqual(['webhook', 'call.connected', 'call.resumed']);
    expect(harness.telemetry.counts.get('rapida_calls_resumed_total')).toBe(1);
  });

  it('has the duration of all of it, and of what was said', async () => {
    const harness = await openHarness();
    const { context, conversation } = await connected(harness);
    conversation.turn({ startMs: 0, endMs: 1_000 });
    await harness.clock.advance(10_000);
    const again = await comeBack(harness, harness.restarted(), context);
    again.conversation.turn({ startMs: 11_000, endMs: 12_500 });
    await harness.clock.advance(3_000);
    again.transport.callerHangsUp();
    await again.attached;
    expect(await record(harness, context)).toMatchObject({ state: 'completed', disconnectedBy: 'user' });
    expect(await metricsOf(harness, context)).toMatchObject({ 'call.duration': 13, 'call.talk_duration': 2.5 });
  });

  it('is not ended by who held it before: neither moves it, nor says anything of an end', async () => {
    const harness = await openHarness();
    const first = await connected(harness);
    const other = harness.restarted();
    const again = await comeBack(harness, other, first.context);
    const before = await record(harness, first.context);
    first.transport.callerHangsUp();
    await first.ended;
    expect(await record(harness, first.context)).toEqual(before);
    expect(await eventTypes(harness, first.context)).toEqual(['webhook', 'call.connected', 'call.resumed']);
    expect(again.conversation.gone).toBeUndefined();
  });

  it('is let go by the same process when it comes back there while that still holds it', async () => {
    const harness = await openHarness();
    const first = await connected(harness);
    const again = await comeBack(harness, harness, first.context);
    await first.ended;
    expect(first.transport.hangups).toBeGreaterThan(0);
    expect(harness.useCases.health.liveCalls).toBe(1);
    expect(await record(harness, first.context)).toMatchObject({ state: 'connected', resumes: 1 });
    again.conversation.end(GOODBYE);
    await again.attached;
    expect(await record(harness, first.context)).toMatchObject({ state: 'completed', disconnectedBy: 'assistant' });
    expect(harness.useCases.health.liveCalls).toBe(0);
  });

  it('is the same leg however often it is asked for before its media is there', async () => {
    const harness = await openHarness();
    const { context } = await connected(harness);
    const other = harness.restarted();
    for (let n = 0; n < 5; n++) await other.useCases.media.resume(context.contextId, ASKER);
    expect((await record(harness, context)).resumes).toBe(1);
    const claim = () => other.useCases.media.claim(context.contextId, 'audiosocket', '192.0.2.1');
    expect([(await claim()).ok, (await claim()).ok]).toEqual([true, false]);
  });

  it('has one media connection, of the latest leg, where two nodes take it up at once', async () => {
    const harness = await openHarness();
    const { context } = await connected(harness);
    const [a, b] = [harness.restarted(), harness.restarted()];
    await Promise.all([a, b].map((node) => node.useCases.media.resume(context.contextId)));
    const { resumes } = await record(harness, context);
    const claims = await Promise.all(
      [a, b].map((node) => node.useCases.media.claim(context.contextId, 'audiosocket', '192.0.2.1')),
    );
    const won = claims.filter((claim) => claim.ok);
    expect(won).toHaveLength(1);
    expect(won).toMatchObject([{ context: { resumed: { leg: resumes } } }]);
  });

  it('is greeted as any other where it never had media', async () => {
    const harness = await openHarness();
    const context = await claimed(harness);
    const again = await comeBack(harness, harness.restarted(), context);
    expect(again.conversation.options.resumed).toBeUndefined();
    expect(again.conversation.options.greeting?.text).toBe('Hello');
    expect(await eventTypes(harness, context)).toEqual(['webhook', 'call.connected']);
  });
});

describe('taking a call up again is refused', () => {
  const refusal = (node: CallsRuntime, contextId: string, asker?: typeof ASKER) =>
    node.useCases.media.resume(contextId, asker).then(
      () => 'taken',
      (error: unknown) => RapidaError.from(error).code,
    );

  it('after a normal end, whoever brought it about', async () => {
    const harness = await openHarness();
    const [byCaller, byAssistant] = [await connected(harness), await connected(harness)];
    byCaller.transport.callerHangsUp();
    byAssistant.conversation.end(GOODBYE);
    for (const { context, ended } of [byCaller, byAssistant]) {
      const before = await ended;
      expect(await refusal(harness.restarted(), context.contextId, ASKER)).toBe('call_ended');
      expect(await record(harness, context)).toEqual(before);
    }
  });

  it('while it is being ended, or handed over', async () => {
    const harness = await openHarness();
    for (const directive of ['hangup', 'goto:sales,100,1']) {
      const { context } = await connected(harness);
      await harness.stores.calls.patch(context.callId, { directive });
      expect(await refusal(harness.restarted(), context.contextId)).toBe('call_ended');
    }
  });

  it('for the calls of others, as if there were none, and for ids of none', async () => {
    const harness = await openHarness();
    const { context } = await connected(harness);
    const { contextId } = context;
    expect(await refusal(harness, contextId, { ...ASKER, projectId: '2' })).toBe('context_unknown');
    expect(await refusal(harness, contextId, { ...ASKER, assistantId: '43' })).toBe('context_unknown');
    expect(await refusal(harness, '99999999-7f0a-4c53-9d1f-3f6f1f0f9a01', ASKER)).toBe('context_unknown');
    expect(await refusal(harness, 'x'.repeat(10_000), ASKER)).toBe('context_unknown');
    expect(await record(harness, context)).toMatchObject({ state: 'connected', resumes: 0 });
    expect(harness.useCases.health.liveCalls).toBe(1);
  });

  it('more often than it may be', async () => {
    const harness = await openHarness();
    const { context } = await connected(harness);
    for (let leg = 1; leg <= 3; leg++) await comeBack(harness, harness.restarted(), context);
    expect(await refusal(harness.restarted(), context.contextId)).toBe('resume_limit');
    expect(await record(harness, context)).toMatchObject({ state: 'connected', resumes: 3 });
  });

  it('by a node that is stopping', async () => {
    const harness = await openHarness();
    const { context } = await connected(harness);
    const other = harness.restarted();
    await other.drain(0);
    expect(await refusal(other, context.contextId)).toBe('draining');
    expect(await record(harness, context)).toMatchObject({ state: 'connected', resumes: 0 });
  });

  it('when somebody has closed it in the same moment', async () => {
    let close = async (): Promise<unknown> => undefined;
    const harness = await openHarness({
      wrapCalls: (calls) => ({
        ...calls,
        async takeOver(id, leg, nodeId) {
          await close();
          return calls.takeOver(id, leg, nodeId);
        },
      }),
    });
    const { context } = await connected(harness);
    close = () => harness.stores.calls.transition(context.callId, ['connected'], 'failed', { reason: 'node_lost' });
    expect(await refusal(harness.restarted(), context.contextId)).toBe('call_ended');
    expect(await record(harness, context)).toMatchObject({ state: 'failed', resumes: 0 });
  });
});

describe('a caller who does not come back', () => {
  it('leaves a call that ends though it was taken up: its media has a few seconds', async () => {
    const harness = await openHarness();
    const { context, conversation } = await connected(harness);
    conversation.turn({ startMs: 0, endMs: 2_000 });
    const other = harness.restarted();
    await other.prepare();
    await other.useCases.media.resume(context.contextId, ASKER);
    await harness.clock.advance(RESUMED_TTL_MS + EXPIRY_SWEEP_MS);
    await settle();
    expect(await record(harness, context)).toMatchObject({ state: 'failed', reason: 'not_resumed', resumes: 1 });
    expect(await metricsOf(harness, context)).toMatchObject({ 'call.duration': 2 });
    await harness.scope.close();
  });

  it('does not end one that has come back within the time a restarted server keeps it open', async () => {
    const harness = await openHarness();
    const { context } = await connected(harness);
    const other = harness.restarted();
    await other.prepare();
    await harness.clock.advance(RESUME_WINDOW_MS - 1);
    await comeBack(harness, other, context);
    await harness.clock.advance(60_000);
    expect(await record(harness, context)).toMatchObject({ state: 'connected', resumes: 1 });
    await harness.scope.close();
  });

  it('has their call ended at once by a server that stops again', async () => {
    const harness = await openHarness();
    const { callId } = await harness.useCases.registerInbound(INBOUND);
    await harness.stores.calls.transition(callId, ['registered'], 'connected', { connectedAtMs: 1 });
    const other = harness.restarted();
    await other.prepare();
    await harness.scope.close();
    expect(await harness.stores.calls.get(PROJECT, callId)).toMatchObject({
      state: 'failed',
      reason: 'server_restarted',
    });
  });
});

describe('what a dialplan is told whose media is gone', () => {
  async function told(harness: Harness, contextId: string): Promise<string> {
    const asked = harness.useCases.media.nextStep(contextId);
    await harness.clock.advance(END_WRITTEN_MS_MAX + 100);
    return asked;
  }

  it('to take the call up again where nobody has ended it', async () => {
    const harness = await openHarness();
    const { context } = await connected(harness);
    expect(await told(harness, context.contextId)).toBe(RESUME);
  });

  it('to hang up where the assistant or somebody else did, also while that is being written', async () => {
    const harness = await openHarness();
    const { context, conversation } = await connected(harness);
    const asked = harness.useCases.media.nextStep(context.contextId);
    conversation.end(GOODBYE);
    await settle();
    await harness.clock.advance(100);
    expect(await asked).toBe(HANGUP);
    const other = await connected(harness);
    await harness.useCases.calls.hangup(PROJECT, other.context.callId);
    await other.ended;
    expect(await told(harness, other.context.contextId)).toBe(HANGUP);
  });

  it('where to go when the caller is handed over', async () => {
    const harness = await openHarness();
    const { context } = await connected(harness);
    await harness.stores.calls.patch(context.callId, { directive: 'goto:sales,100,1' });
    expect(await told(harness, context.contextId)).toBe('goto:sales,100,1');
  });

  it('to begin anew where there is no such call, or it was closed, or its caller taken for gone', async () => {
    const harness = await openHarness();
    expect(await told(harness, '99999999-7f0a-4c53-9d1f-3f6f1f0f9a01')).toBe(BEGIN);
    expect(await told(harness, 'no id')).toBe(BEGIN);
    const [gone, lost] = [await connected(harness), await connected(harness)];
    gone.transport.callerHangsUp();
    await gone.ended;
    await harness.stores.calls.transition(lost.context.callId, ['connected'], 'failed', {
      ...{ disconnectedBy: 'system', reason: 'node_lost', endedAtMs: harness.clock.wallMs() },
    });
    for (const { context } of [gone, lost]) expect(await told(harness, context.contextId)).toBe(BEGIN);
  });

  it('is told to dialplans that cannot take a call up again as ever', async () => {
    const harness = await openHarness();
    const { context } = await connected(harness);
    expect(await harness.useCases.media.directive(context.contextId)).toBe(HANGUP);
  });
});
