import { RapidaError } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { CONVERSATION_STOP_MS, GREETING_WAIT_MS, LEASE_EXTRA_MS, PROVIDERS_WAIT_MS } from './session.js';
import { FakeTransport } from './testing/fake-transport.js';
import {
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

const ENDINGS = ['call.ended', 'call.failed'];

/** What must be true of every call that has ended, however it did. */
async function expectEndedOnce(harness: Harness, callId: string): Promise<void> {
  const types = (await harness.stores.calls.events(callId)).map((event) => event.type);
  expect(types.filter((type) => ENDINGS.includes(type))).toHaveLength(1);
  expect(ENDINGS).toContain(types.at(-1));
  expect(harness.useCases.health.liveCalls).toBe(0);
  expect(harness.clock.pendingTimers).toBe(0);
  expect(harness.scopeErrors).toEqual([]);
  for (const playout of harness.playouts) expect(playout.closed).toBe(1);
}

describe('a call session', () => {
  it('connects media and conversation, and says so in the record', async () => {
    const harness = await openHarness();
    const { context, conversation } = await connected(harness);
    expect(conversation.started).toBe(1);
    expect(conversation.options.greeting?.text).toBe('Hello');
    expect(conversation.options.lineRateHz).toBe(8_000);
    expect(await record(harness, context)).toMatchObject({
      state: 'connected',
      transport: 'audiosocket',
      format: 'slin',
      connectedAtMs: harness.clock.wallMs(),
      recording: null,
    });
    expect(harness.useCases.health.liveCalls).toBe(1);
    expect(harness.telemetry.gauges.get('rapida_calls_live')).toBe(1);
  });

  it('is recorded with the format that was really spoken, which AudioSocket shows with its first sound', async () => {
    const harness = await openHarness();
    const { context, transport } = await connected(harness);
    transport.wire = { format: 'slin16', rateHz: 16_000 };
    transport.push(1);
    transport.callerHangsUp();
    await settle();
    expect(await record(harness, context)).toMatchObject({ state: 'completed', format: 'slin16' });
  });

  it("gives the conversation values for variables: the assistant's, then the call's, then the caller", async () => {
    const harness = await openHarness({
      config: { greeting: 'Hi {{name}}', variables: { name: 'you', city: 'Bonn' } },
    });
    const metadata = { name: 'Ann', caller: 'forged' };
    const { contextId } = await harness.useCases.registerInbound({ ...INBOUND, metadata });
    const claim = await harness.useCases.media.claim(contextId, 'audiosocket', '192.0.2.1');
    void harness.useCases.media.attach(claim.ok ? claim.context : expect.unreachable(), new FakeTransport());
    await settle();
    expect(harness.conversations[0]!.options.variables).toEqual({
      ...{ name: 'Ann', city: 'Bonn', caller: INBOUND.from, language: 'en-US' },
    });
    expect(harness.conversations[0]!.options.greeting?.text).toBe('Hi Ann');
  });

  it('passes frames, keys, marks and flow to whom they concern', async () => {
    const { conversation, transport, playout } = await connected(await openHarness());
    const frame = transport.push(5);
    transport.listener?.onDtmf('7');
    transport.listener?.onMark?.('m1');
    transport.listener?.onFlow?.('stop');
    expect(conversation.frames).toEqual([frame]);
    expect(conversation.digits).toEqual(['7']);
    expect(playout.marks).toEqual(['m1']);
    expect(playout.flows).toEqual(['stop']);
  });

  it("ends as the caller's when the caller hangs up", async () => {
    const harness = await openHarness();
    const { context, conversation, transport, ended } = await connected(harness);
    await harness.clock.advance(12_000);
    conversation.turn({ startMs: 0, endMs: 2_500 });
    conversation.turn({ role: 'assistant', startMs: 3_000, endMs: 7_000 });
    transport.callerHangsUp();
    expect(await ended).toMatchObject({
      state: 'completed',
      disconnectedBy: 'user',
      reason: 'caller_hangup',
      endedAtMs: harness.clock.wallMs(),
    });
    expect(conversation.gone).toBe('caller_hangup');
    expect(await metricsOf(harness, context)).toEqual({
      'call.duration': 12,
      'call.talk_duration': 6.5,
      'call.status': 'completed',
      'call.disconnected_by': 'user',
    });
    expect(await harness.useCases.calls.transcript(PROJECT, context.callId)).toHaveLength(2);
    expect(await eventTypes(harness, context)).toEqual(['webhook', 'call.connected', 'call.ended']);
    expect(harness.telemetry.counts.get('rapida_media_frames_out_total{audiosocket}')).toBe(7);
    expect(harness.telemetry.counts.get('rapida_media_bad_input_total{audiosocket,video}')).toBe(2);
    await expectEndedOnce(harness, context.callId);
  });

  it("ends as the assistant's when the conversation ends, and closes the leg", async () => {
    const harness = await openHarness();
    const { context, conversation, transport, ended } = await connected(harness);
    conversation.end({ by: 'assistant', reason: 'end_call', failed: false });
    expect(await ended).toMatchObject({ state: 'completed', disconnectedBy: 'assistant', reason: 'end_call' });
    expect(transport.hangups).toBe(1);
    await expectEndedOnce(harness, context.callId);
  });

  it('ended when its conversation did, however long Asterisk takes to close the leg', async () => {
    const harness = await openHarness();
    const { context, conversation, transport, ended } = await connected(harness);
    transport.closesOnHangup = false;
    await harness.clock.advance(3_000);
    const endedAtMs = harness.clock.wallMs();
    conversation.end({ by: 'assistant', reason: 'end_call', failed: false });
    await harness.clock.advance(1_500);
    transport.callerHangsUp();
    expect(await ended).toMatchObject({ disconnectedBy: 'assistant', endedAtMs });
    expect(await metricsOf(harness, context)).toMatchObject({ 'call.duration': 3 });
    await expectEndedOnce(harness, context.callId);
  });

  it('leaves nothing of itself in the process when it has ended', async () => {
    const harness = await openHarness();
    const { conversation, transport, ended } = await connected(harness);
    transport.callerHangsUp();
    await ended;
    expect(conversation.options.scope.closed).toBe(true);
  });

  it('ends at once when the caller does not wait for the engines', async () => {
    const harness = await openHarness();
    harness.providers.gate = new Promise(() => {});
    const context = await claimed(harness);
    const transport = new FakeTransport();
    const attached = harness.useCases.media.attach(context, transport);
    await settle();
    transport.callerHangsUp();
    await attached;
    expect(await record(harness, context)).toMatchObject({ state: 'completed', disconnectedBy: 'user' });
    await expectEndedOnce(harness, context.callId);
  });

  it('ends as a failure when the media breaks', async () => {
    const harness = await openHarness();
    const { context, transport, ended } = await connected(harness);
    transport.fails('peer_not_reading');
    expect(await ended).toMatchObject({ state: 'failed', disconnectedBy: 'system', reason: 'peer_not_reading' });
    await expectEndedOnce(harness, context.callId);
  });

  it('ends when its process does, and closing waits until the record is written', async () => {
    const harness = await openHarness();
    const { context, transport } = await connected(harness);
    await harness.scope.close();
    expect(await record(harness, context)).toMatchObject({
      state: 'completed',
      disconnectedBy: 'system',
      reason: 'server_shutdown',
    });
    expect(transport.hangups).toBe(1);
    await expectEndedOnce(harness, context.callId);
  });

  it('fails alone when its conversation throws, and no frame reaches it any more', async () => {
    const harness = await openHarness();
    const bad = await connected(harness);
    const good = await connected(harness);
    bad.conversation.fault = new Error('bug');
    bad.transport.push(1);
    bad.transport.push(2);
    expect(await bad.ended).toMatchObject({ state: 'failed', disconnectedBy: 'system', reason: 'internal' });
    expect(harness.useCases.health.liveCalls).toBe(1);
    good.transport.callerHangsUp();
    expect((await good.ended).state).toBe('completed');
    await expectEndedOnce(harness, bad.context.callId);
  });

  it('is torn down at the end of its lease, even where nothing else obeys', async () => {
    const harness = await openHarness({ config: { limits: { callMs: 60_000 } } });
    const { context, conversation, transport, ended } = await connected(harness);
    conversation.stuck = true;
    transport.closesOnHangup = false;
    await harness.clock.advance(60_000 + LEASE_EXTRA_MS - 1);
    expect((await record(harness, context)).state).toBe('connected');
    await harness.clock.advance(1 + CONVERSATION_STOP_MS + 2_000);
    expect(await ended).toMatchObject({ state: 'failed', disconnectedBy: 'system', reason: 'lease_expired' });
    expect(transport.hangups).toBe(1);
    await expectEndedOnce(harness, context.callId);
  });

  it('listens from the first frame on, while the engines are still opening', async () => {
    const harness = await openHarness();
    let open = () => {};
    harness.providers.gate = new Promise((resolve) => {
      open = resolve;
    });
    const context = await claimed(harness);
    const transport = new FakeTransport();
    const attached = harness.useCases.media.attach(context, transport);
    const early = [transport.push(1), transport.push(2)];
    await harness.clock.advance(PROVIDERS_WAIT_MS - 1);
    expect(harness.playouts).toHaveLength(1);
    open();
    await settle();
    const late = transport.push(3);
    expect(harness.conversations[0]?.frames).toEqual([...early, late]);
    transport.callerHangsUp();
    await attached;
    await expectEndedOnce(harness, context.callId);
  });

  it('speaks the greeting live rather than wait long for it', async () => {
    const harness = await openHarness();
    harness.providers.voice.gate = new Promise(() => {});
    const context = await claimed(harness);
    void harness.useCases.media.attach(context, new FakeTransport());
    await harness.clock.advance(GREETING_WAIT_MS - 1);
    expect(harness.conversations).toHaveLength(0);
    await harness.clock.advance(1);
    expect(harness.conversations[0]?.options.greeting).toBeUndefined();
  });

  it("hangs up cleanly and names the provider's error when engines fail", async () => {
    const harness = await openHarness();
    harness.providers.failure = new RapidaError('provider_auth');
    const context = await claimed(harness);
    const transport = new FakeTransport();
    await harness.useCases.media.attach(context, transport);
    expect(await record(harness, context)).toMatchObject({
      state: 'failed',
      disconnectedBy: 'system',
      reason: 'provider_failed',
    });
    const last = (await harness.stores.calls.events(context.callId)).at(-1);
    expect(last?.data).toMatchObject({ code: 'provider_auth' });
    expect(transport.hangups).toBe(1);
    await expectEndedOnce(harness, context.callId);
  });

  it('hangs up when engines take longer than it can keep a caller in silence', async () => {
    const harness = await openHarness();
    harness.providers.gate = new Promise(() => {});
    const context = await claimed(harness);
    const transport = new FakeTransport();
    const attached = harness.useCases.media.attach(context, transport);
    await harness.clock.advance(PROVIDERS_WAIT_MS);
    await attached;
    expect(await record(harness, context)).toMatchObject({ state: 'failed', reason: 'provider_failed' });
    await expectEndedOnce(harness, context.callId);
  });

  it('prepares by itself what another life of the process has registered', async () => {
    const harness = await openHarness();
    const context = await claimed(harness);
    const transport = new FakeTransport();
    const attached = harness.restarted().useCases.media.attach(context, transport);
    await settle();
    expect(harness.conversations[0]?.options.config.name).toBe('Test');
    transport.callerHangsUp();
    await attached;
    expect((await record(harness, context)).state).toBe('completed');
  });

  it('ends at once when its assistant is gone', async () => {
    const harness = await openHarness();
    const context = await claimed(harness);
    await harness.stores.assistants.remove(PROJECT, context.assistantId);
    await harness.restarted().useCases.media.attach(context, new FakeTransport());
    expect(await record(harness, context)).toMatchObject({ state: 'failed', reason: 'assistant_not_found' });
  });

  it('does not speak into a call whose record says that it has ended', async () => {
    const harness = await openHarness();
    const context = await claimed(harness);
    await harness.stores.calls.transition(context.callId, ['registered'], 'cancelled', { reason: 'caller_gone' });
    const transport = new FakeTransport();
    await harness.useCases.media.attach(context, transport);
    expect(transport.hangups).toBe(1);
    expect(await record(harness, context)).toMatchObject({ state: 'cancelled', reason: 'caller_gone' });
    expect(await metricsOf(harness, context)).toEqual({});
  });
});
