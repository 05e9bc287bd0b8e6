import { settle } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { FAREWELL_MS, GIVEN_OUT_MS } from './drain.js';
import { FakeTransport } from './testing/fake-transport.js';
import { claimed, connected, INBOUND, openHarness, PROJECT, record } from './testing/harness.js';

const refusal = (code: string) => expect.objectContaining({ name: 'RapidaError', code });

describe('steering a live call', () => {
  it('says a text into it', async () => {
    const harness = await openHarness();
    const { context, conversation } = await connected(harness);
    await harness.useCases.calls.say(PROJECT, context.callId, ' One moment. ');
    expect(conversation.said).toEqual(['One moment.']);
    await expect(harness.useCases.calls.say(PROJECT, context.callId, ' ')).rejects.toEqual(refusal('invalid_request'));
    await expect(harness.useCases.calls.say(PROJECT, context.callId, 'x'.repeat(2_001))).rejects.toThrow(/2000/);
  });

  it('ends it by the system, after what is being said', async () => {
    const harness = await openHarness();
    const { context, conversation, ended } = await connected(harness);
    conversation.finishes = false;
    await harness.useCases.calls.hangup(PROJECT, context.callId);
    await settle();
    expect((await record(harness, context)).state).toBe('connected');
    conversation.end({ by: 'system', reason: 'hangup_requested', failed: false });
    expect(await ended).toMatchObject({ state: 'completed', disconnectedBy: 'system', reason: 'hangup_requested' });
  });

  it('tells calls that are not there, not live and over apart', async () => {
    const harness = await openHarness();
    const { calls } = harness.useCases;
    await expect(calls.hangup(PROJECT, '5')).rejects.toEqual(refusal('call_not_found'));
    const waiting = await claimed(harness);
    await expect(calls.hangup(PROJECT, waiting.callId)).rejects.toEqual(refusal('call_not_live'));
    await expect(calls.hangup('2', waiting.callId)).rejects.toEqual(refusal('call_not_found'));
    const { context, transport, ended } = await connected(harness);
    transport.callerHangsUp();
    await ended;
    await expect(calls.say(PROJECT, context.callId, 'hello')).rejects.toEqual(refusal('call_ended'));
  });
});

describe('draining', () => {
  it('waits for running calls, and lets registered ones still connect', async () => {
    const harness = await openHarness();
    const first = await connected(harness);
    const late = await claimed(harness);
    let drained = false;
    void harness.drain(60_000).then(() => {
      drained = true;
    });
    const transport = new FakeTransport();
    const lateEnd = harness.useCases.media.attach(late, transport);
    await harness.clock.advance(1_000);
    first.transport.callerHangsUp();
    await harness.clock.advance(1_000);
    expect(drained).toBe(false);
    transport.callerHangsUp();
    await lateEnd;
    await settle();
    expect(drained).toBe(true);
    expect((await record(harness, late)).disconnectedBy).toBe('user');
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it('waits for media of a call that was registered a moment ago, and then drops what was made ready for it', async () => {
    const harness = await openHarness();
    await harness.useCases.registerInbound(INBOUND);
    await settle();
    let drained = false;
    void harness.drain(60_000).then(() => {
      drained = true;
    });
    await harness.clock.advance(GIVEN_OUT_MS - 200);
    expect(drained).toBe(false);
    await expect(harness.useCases.registerInbound(INBOUND)).rejects.toEqual(refusal('draining'));
    await harness.clock.advance(300);
    expect(drained).toBe(true);
  });

  it('says goodbye in the calls that are left when the time is over', async () => {
    const harness = await openHarness();
    const { conversation, ended } = await connected(harness);
    const draining = harness.drain(60_000);
    await harness.clock.advance(60_000);
    await draining;
    expect(conversation.goodbyes).toEqual(['server_shutdown']);
    expect(await ended).toMatchObject({ state: 'completed', disconnectedBy: 'system', reason: 'server_shutdown' });
  });

  it('gives them the time for it', async () => {
    const harness = await openHarness();
    const { conversation, ended } = await connected(harness);
    conversation.finishes = false;
    void harness.drain(0);
    await harness.clock.advance(FAREWELL_MS - 1);
    conversation.end({ by: 'assistant', reason: 'end_call', failed: false });
    expect(await ended).toMatchObject({ disconnectedBy: 'assistant', reason: 'end_call' });
  });

  it('ends what does not come to an end', async () => {
    const harness = await openHarness();
    const { conversation, ended } = await connected(harness);
    conversation.finishes = false;
    const draining = harness.drain(0);
    await harness.clock.advance(FAREWELL_MS);
    await draining;
    expect(await ended).toMatchObject({ state: 'completed', disconnectedBy: 'system', reason: 'server_shutdown' });
    expect(harness.useCases.health.liveCalls).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });
});
