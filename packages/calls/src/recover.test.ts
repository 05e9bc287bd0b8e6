import { type CallWrite, RapidaError } from '@rapida/core';
import { MemorySpool, settle } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { RESUME_WINDOW_MS } from './recover.js';
import { claimed, connected, eventTypes, INBOUND, metricsOf, openHarness, PROJECT, record } from './testing/harness.js';

describe('a start after a crash', () => {
  it('ends calls that had media as failed when their callers do not come back, with what is known of them', async () => {
    const harness = await openHarness();
    const { context, conversation } = await connected(harness);
    conversation.turn({ startMs: 1_000, endMs: 2_500 });
    conversation.turn({ role: 'assistant', startMs: 3_000, endMs: 9_000 });
    await harness.clock.advance(3_600_000);
    await harness.restarted().prepare();
    await harness.clock.advance(RESUME_WINDOW_MS - 1);
    expect(await record(harness, context)).toMatchObject({ state: 'connected' });
    await harness.clock.advance(1);
    await settle();
    expect(await record(harness, context)).toMatchObject({
      state: 'failed',
      disconnectedBy: 'system',
      reason: 'server_restarted',
      endedAtMs: harness.clock.wallMs(),
    });
    expect(await eventTypes(harness, context)).toEqual(['webhook', 'call.connected', 'call.failed']);
    expect(await metricsOf(harness, context)).toEqual({
      'call.duration': 9,
      'call.talk_duration': 7.5,
      'call.status': 'failed',
      'call.disconnected_by': 'system',
    });
  });

  it('ends them also where the store then fails to say what is to be analysed', async () => {
    let isAway = false;
    const harness = await openHarness({
      wrapCalls: (calls) => ({
        ...calls,
        unanalysed: (...given) =>
          isAway ? Promise.reject(new RapidaError('store_failed')) : calls.unanalysed(...given),
      }),
    });
    const { context } = await connected(harness);
    await harness.restarted().prepare();
    isAway = true;
    await harness.clock.advance(RESUME_WINDOW_MS);
    await settle();
    expect(await record(harness, context)).toMatchObject({ state: 'failed', reason: 'server_restarted' });
    expect(harness.telemetry.counts.get('rapida_store_errors_total{unanalysed}')).toBe(1);
  });

  it('ends calls that never had media as expired', async () => {
    const harness = await openHarness();
    const context = await claimed(harness);
    await harness.restarted().prepare();
    expect(await record(harness, context)).toMatchObject({ state: 'expired', reason: 'server_restarted' });
    expect(await metricsOf(harness, context)).toEqual({ 'call.status': 'failed', 'call.disconnected_by': 'system' });
  });

  it('writes what calls of a node that does not come again had still to write, before it ends them', async () => {
    const harness = await openHarness();
    const { context } = await connected(harness);
    const spool = new MemorySpool();
    const event = { type: 'tool.called', atMs: 1, data: {} };
    const write: CallWrite = { operation: 'appendEvent', args: [context.callId, event] };
    await spool.add({ id: 'a', atMs: 1, write, mayBeStored: false });
    const fewer = { nodeId: 'node-b', formerNodeIds: ['node-a'], formerSpools: [spool] };
    await harness.restarted(fewer).prepare();
    expect(spool.entries).toBe(0);
    await harness.clock.advance(RESUME_WINDOW_MS);
    await settle();
    expect(await eventTypes(harness, context)).toEqual(['webhook', 'call.connected', 'tool.called', 'call.failed']);
  });

  it('leaves calls that have ended, and those of other processes, as they are', async () => {
    const harness = await openHarness();
    const { context, transport, ended } = await connected(harness);
    transport.callerHangsUp();
    const before = await ended;
    const { callId } = await harness.useCases.registerInbound(INBOUND);
    const mine = await harness.useCases.calls.get(PROJECT, callId);
    const theirs = { ...mine, id: '9', contextId: '00000000-0000-4000-8000-000000000009', nodeId: 'node-b' };
    await harness.stores.calls.create(theirs);
    await harness.restarted().prepare();
    await harness.restarted().prepare();
    expect(await record(harness, context)).toEqual(before);
    expect(await harness.stores.calls.get(PROJECT, '9')).toEqual(theirs);
    expect((await harness.stores.calls.events(callId)).map(({ type }) => type)).toEqual(['webhook', 'call.failed']);
  });

  it('does not start over a store that cannot be read', async () => {
    const harness = await openHarness({
      wrapCalls: (calls) => ({ ...calls, unfinished: () => Promise.reject(new RapidaError('store_failed')) }),
    });
    await expect(harness.prepare()).rejects.toEqual(expect.objectContaining({ code: 'store_failed' }));
  });
});
