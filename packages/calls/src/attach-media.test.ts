import { newContextId, RapidaError } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { DETAIL_LENGTH_MAX } from './attach-media.js';
import { EXPIRY_SWEEP_MS, LEFT_SWEEP_MS } from './expire-contexts.js';
import { FakeTransport } from './testing/fake-transport.js';
import {
  CONTEXT_TTL_MS,
  claimed,
  connected,
  eventTypes,
  INBOUND,
  metricsOf,
  openHarness,
  PROJECT,
  record,
} from './testing/harness.js';

describe('claiming a context', () => {
  it('lets exactly one of a hundred connections have it', async () => {
    const { useCases, telemetry } = await openHarness();
    const { contextId, callId } = await useCases.registerInbound(INBOUND);
    const claims = await Promise.all(
      Array.from({ length: 100 }, (_, i) => useCases.media.claim(contextId, 'audiosocket', `192.0.2.${i}`)),
    );
    expect(claims.filter((claim) => claim.ok)).toMatchObject([{ context: { contextId, callId, projectId: PROJECT } }]);
    expect(claims.filter((claim) => !claim.ok && claim.code === 'context_used')).toHaveLength(99);
    expect(telemetry.counts.get('rapida_media_refused_total{audiosocket,context_used}')).toBe(99);
  });

  it('says why it refuses: malformed, unknown, used, expired', async () => {
    const { useCases, clock } = await openHarness();
    const claim = (contextId: string) => useCases.media.claim(contextId, 'websocket', '192.0.2.1');
    expect(await claim('nonsense')).toEqual({ ok: false, code: 'context_malformed' });
    expect(await claim(newContextId())).toEqual({ ok: false, code: 'context_unknown' });
    const used = await useCases.registerInbound(INBOUND);
    expect(await claim(used.contextId.toUpperCase())).toMatchObject({ ok: true });
    expect(await claim(used.contextId)).toEqual({ ok: false, code: 'context_used' });
    const late = await useCases.registerInbound(INBOUND);
    await clock.advance(CONTEXT_TTL_MS);
    expect(await claim(late.contextId)).toEqual({ ok: false, code: 'context_expired' });
  });

  it('lets nobody in when the store of contexts fails', async () => {
    const { useCases, stores } = await openHarness();
    const { contextId } = await useCases.registerInbound(INBOUND);
    stores.contexts.take = () => Promise.reject(new RapidaError('store_failed'));
    expect(await useCases.media.claim(contextId, 'audiosocket', '192.0.2.1')).toEqual({
      ok: false,
      code: 'store_failed',
    });
    expect(useCases.health.notReady()).toMatch(/store/);
  });
});

describe('the place of a call', () => {
  it('is held while its media runs, however long, and free when it has ended', async () => {
    const harness = await openHarness({ callsMax: 1 });
    const { transport, ended } = await connected(harness);
    await harness.clock.advance(CONTEXT_TTL_MS + 1);
    await expect(harness.useCases.registerInbound(INBOUND)).rejects.toThrow(/LIMITS__MAX_CALLS/);
    transport.callerHangsUp();
    await ended;
    await harness.useCases.registerInbound(INBOUND);
  });
});

describe('a leg that never came to be', () => {
  it('is recorded as a failure with its code, and its place is free again', async () => {
    const harness = await openHarness({ callsMax: 1 });
    const context = await claimed(harness);
    const detail = `format opus ${'x'.repeat(DETAIL_LENGTH_MAX)}`;
    await harness.useCases.media.abandon(context, 'media_format_unknown', detail);
    expect(await record(harness, context)).toMatchObject({
      state: 'failed',
      disconnectedBy: 'system',
      reason: 'media_format_unknown',
      connectedAtMs: null,
      endedAtMs: harness.clock.wallMs(),
    });
    const last = (await harness.stores.calls.events(context.callId)).at(-1);
    expect(last).toMatchObject({ type: 'call.failed', data: { code: 'media_format_unknown' } });
    expect(String(last!.data.detail)).toHaveLength(500);
    expect(await metricsOf(harness, context)).toEqual({ 'call.status': 'failed', 'call.disconnected_by': 'system' });
    await harness.useCases.registerInbound(INBOUND);
    expect(harness.clock.pendingTimers).toBe(0);
  });
});

describe('what the dialplan does next', () => {
  it('is to hang up until a transfer was decided, and nothing for a context that is not known', async () => {
    const harness = await openHarness();
    const { context } = await connected(harness);
    expect(await harness.useCases.media.directive(context.contextId)).toBe('hangup');
    expect(await harness.useCases.media.directive(newContextId())).toBeUndefined();
    expect(await harness.useCases.media.directive('nonsense')).toBeUndefined();
  });

  it('is on record before the leg is closed, survives a restart, and is valid for five minutes', async () => {
    const harness = await openHarness({ transferTargets: ['sales,s,1'] });
    const { context, conversation, transport, ended } = await connected(harness);
    let atHangup: Promise<string | undefined> | undefined;
    transport.hangup = () => {
      atHangup ??= harness.useCases.media.directive(context.contextId);
      FakeTransport.prototype.hangup.call(transport);
    };
    expect(await conversation.handOver('sales,s,1')).toEqual({ ok: true });
    expect(await ended).toMatchObject({ state: 'completed', reason: 'transfer', directive: 'goto:sales,s,1' });
    expect(await atHangup).toBe('goto:sales,s,1');
    const { media } = harness.restarted().useCases;
    await harness.clock.advance(5 * 60_000);
    expect(await media.directive(context.contextId)).toBe('goto:sales,s,1');
    await harness.clock.advance(1);
    expect(await media.directive(context.contextId)).toBeUndefined();
  });

  it('never leads to a target that is not on the allow-list', async () => {
    const harness = await openHarness({ transferTargets: ['sales,s,1'] });
    const { context, conversation, transport, ended } = await connected(harness);
    expect(await conversation.handOver('internal,0900,1')).toEqual({ ok: false, reason: 'transfer_not_allowed' });
    transport.callerHangsUp();
    expect((await ended).directive).toBeNull();
    expect(await harness.useCases.media.directive(context.contextId)).toBe('hangup');
  });
});

describe('a call whose media never comes', () => {
  it('ends as expired within a sweep, once, and its place is free again', async () => {
    const harness = await openHarness({ callsMax: 1 });
    await harness.prepare();
    const { contextId, callId } = await harness.useCases.registerInbound(INBOUND);
    await harness.clock.advance(CONTEXT_TTL_MS + EXPIRY_SWEEP_MS);
    const call = await harness.stores.calls.getByContext(contextId);
    expect(call).toMatchObject({ state: 'expired', disconnectedBy: 'system', reason: 'context_expired' });
    expect(await eventTypes(harness, { ...call!, callId })).toEqual(['webhook', 'call.failed']);
    expect(harness.telemetry.counts.get('rapida_calls_ended_total{expired,system}')).toBe(1);
    await harness.clock.advance(10 * EXPIRY_SWEEP_MS);
    expect(harness.telemetry.counts.get('rapida_calls_ended_total{expired,system}')).toBe(1);
    await harness.useCases.registerInbound(INBOUND);
  });

  it('is not confused with one that was claimed', async () => {
    const harness = await openHarness();
    await harness.prepare();
    const { context, transport, ended } = await connected(harness);
    await harness.clock.advance(CONTEXT_TTL_MS + EXPIRY_SWEEP_MS);
    expect((await record(harness, context)).state).toBe('connected');
    transport.callerHangsUp();
    expect((await ended).state).toBe('completed');
  });

  it('ends as expired also where its context is in no store any more', async () => {
    const harness = await openHarness();
    await harness.prepare();
    const { contextId } = await harness.useCases.registerInbound(INBOUND);
    // As a Redis does that comes back empty; the answer to a claim may be lost as well.
    await harness.stores.contexts.withdraw(contextId);
    const state = async () => (await harness.stores.calls.getByContext(contextId))?.state;
    await harness.clock.advance(CONTEXT_TTL_MS);
    expect(await state()).toBe('registered');
    await harness.clock.advance(2 * LEFT_SWEEP_MS + EXPIRY_SWEEP_MS);
    expect(await state()).toBe('expired');
  });

  it('of a call that was to be taken up again ends it also where the context is in no store any more', async () => {
    const harness = await openHarness();
    const { context } = await connected(harness);
    const other = harness.restarted({ nodeId: 'node-b' });
    await other.prepare();
    await other.useCases.media.resume(context.contextId);
    await harness.stores.contexts.withdraw(context.contextId);
    // Once it is seen that nobody holds it; the next time that nobody has come.
    await harness.clock.advance(2 * LEFT_SWEEP_MS - EXPIRY_SWEEP_MS);
    expect((await record(harness, context)).state).toBe('connected');
    await harness.clock.advance(2 * EXPIRY_SWEEP_MS);
    expect(await record(harness, context)).toMatchObject({ state: 'failed', reason: 'not_resumed' });
  });

  it('is looked for until the process ends, and survives a failing store', async () => {
    const harness = await openHarness();
    await harness.prepare();
    const expired = harness.stores.contexts.expired;
    harness.stores.contexts.expired = () => Promise.reject(new RapidaError('store_failed'));
    await harness.clock.advance(EXPIRY_SWEEP_MS);
    harness.stores.contexts.expired = expired;
    const { callId } = await harness.useCases.registerInbound(INBOUND);
    await harness.clock.advance(CONTEXT_TTL_MS + EXPIRY_SWEEP_MS);
    expect((await harness.useCases.calls.get(PROJECT, callId)).state).toBe('expired');
    await harness.scope.close();
    await settle();
    expect(harness.clock.pendingTimers).toBe(0);
  });
});
