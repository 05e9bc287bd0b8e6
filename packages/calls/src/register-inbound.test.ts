import { isContextId, RapidaError } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { ENTRIES_BYTES_MAX, ENTRIES_MAX } from './bounded-entries.js';
import { PARTY_LENGTH_MAX } from './register-inbound.js';
import { ASSISTANT, CONTEXT_TTL_MS, INBOUND, openHarness, PROJECT } from './testing/harness.js';

const refusal = (code: string) => expect.objectContaining({ name: 'RapidaError', code });

describe('phase 1', () => {
  it('answers with a context id once the call is on record', async () => {
    const { useCases, stores, telemetry, clock } = await openHarness();
    const { contextId, callId } = await useCases.registerInbound({ ...INBOUND, from: '  +15551234567 ' });
    expect(isContextId(contextId)).toBe(true);
    expect(await stores.calls.get(PROJECT, callId)).toMatchObject({
      contextId,
      assistantId: ASSISTANT,
      direction: 'inbound',
      state: 'registered',
      from: '+15551234567',
      to: '100',
      channelId: 'PJSIP/100-1',
      createdAtMs: clock.wallMs(),
      nodeId: 'node-a',
    });
    const events = await stores.calls.events(callId);
    expect(events).toMatchObject([{ seq: 1, type: 'webhook', data: { from: '+15551234567', assistantVersion: 1 } }]);
    expect(telemetry.counts.get('rapida_calls_registered_total')).toBe(1);
  });

  it('opens the engines and renders the greeting without being waited for', async () => {
    const { useCases, providers } = await openHarness();
    providers.gate = new Promise(() => {});
    await useCases.registerInbound(INBOUND);
    expect(providers.opened).toBe(1);
  });

  it('refuses what it cannot understand, naming the field', async () => {
    const { useCases, telemetry, providers } = await openHarness();
    const register = (change: object) => useCases.registerInbound({ ...INBOUND, ...change });
    await expect(register({ assistantId: '12x' })).rejects.toEqual(refusal('assistant_id_malformed'));
    await expect(register({ assistantId: '18446744073709551616' })).rejects.toEqual(refusal('assistant_id_malformed'));
    await expect(register({ from: '  ' })).rejects.toEqual(refusal('caller_missing'));
    await expect(register({ to: 'x'.repeat(PARTY_LENGTH_MAX + 1) })).rejects.toThrow(/^to is longer than 256/);
    await expect(register({ from: 'x'.repeat(257) })).rejects.toThrow(/^from /);
    await expect(register({ channelId: 'x'.repeat(257) })).rejects.toThrow(/^channel_id /);
    expect(telemetry.counts.get('rapida_calls_refused_total{assistant_id_malformed}')).toBe(2);
    expect(telemetry.counts.get('rapida_calls_refused_total{invalid_request}')).toBe(3);
    expect(providers.opened).toBe(0);
  });

  it('tells those who watch the project why a call was refused', async () => {
    const { useCases, liveFeed, clock } = await openHarness({ deploymentEnabled: false });
    const watching = await liveFeed.subscribe({ projectId: PROJECT });
    await expect(useCases.registerInbound(INBOUND)).rejects.toEqual(refusal('deployment_disabled'));
    const told = { projectId: PROJECT, callId: '0', seq: null, type: 'call.refused', atMs: clock.wallMs() };
    const { from } = INBOUND;
    expect(await watching.next()).toEqual({
      ...told,
      assistantId: ASSISTANT,
      data: { code: 'deployment_disabled', message: new RapidaError('deployment_disabled').message, from },
    });
    await expect(useCases.registerInbound({ ...INBOUND, assistantId: 'x' })).rejects.toThrow();
    expect(await watching.next()).toMatchObject({ ...told, assistantId: '', data: { code: 'assistant_id_malformed' } });
  });

  it('takes metadata up to its limits and not beyond', async () => {
    const { useCases } = await openHarness();
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));
    const register = (metadata: Record<string, string>) => useCases.registerInbound({ ...INBOUND, metadata });
    await register(many(ENTRIES_MAX));
    await expect(register(many(ENTRIES_MAX + 1))).rejects.toEqual(refusal('invalid_request'));
    await register({ k: 'v'.repeat(ENTRIES_BYTES_MAX - 1) });
    await expect(register({ k: 'é'.repeat(ENTRIES_BYTES_MAX / 2) })).rejects.toEqual(refusal('invalid_request'));
  });

  it('knows no assistant of another project', async () => {
    const { useCases } = await openHarness();
    await expect(useCases.registerInbound({ ...INBOUND, assistantId: '43' })).rejects.toEqual(
      refusal('assistant_not_found'),
    );
    await expect(useCases.registerInbound({ ...INBOUND, projectId: '2' })).rejects.toEqual(
      refusal('assistant_not_found'),
    );
  });

  it('refuses an assistant whose deployment is disabled', async () => {
    const { useCases } = await openHarness({ deploymentEnabled: false });
    await expect(useCases.registerInbound(INBOUND)).rejects.toEqual(refusal('deployment_disabled'));
  });

  it('counts registered calls that were not claimed yet against the limit, however many come at once', async () => {
    const { useCases, clock } = await openHarness({ callsMax: 3 });
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => useCases.registerInbound(INBOUND)));
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(3);
    await expect(useCases.registerInbound(INBOUND)).rejects.toEqual(refusal('at_capacity'));
    await clock.advance(CONTEXT_TTL_MS + 1);
    await useCases.registerInbound(INBOUND);
  });

  it('gives the place back when a refusal comes later', async () => {
    const { useCases } = await openHarness({ callsMax: 1 });
    await expect(useCases.registerInbound({ ...INBOUND, assistantId: '43' })).rejects.toThrow();
    await useCases.registerInbound(INBOUND);
  });

  it('takes no calls while draining', async () => {
    const { useCases, drain } = await openHarness();
    await drain(0);
    await expect(useCases.registerInbound(INBOUND)).rejects.toEqual(refusal('draining'));
    expect(useCases.health.notReady()).toBe('draining');
  });

  it('leaves a failed record and no context when the contexts are full', async () => {
    const { useCases, stores } = await openHarness();
    stores.contexts.put = async () => {
      throw new RapidaError('at_capacity');
    };
    await expect(useCases.registerInbound(INBOUND)).rejects.toEqual(refusal('at_capacity'));
    const { data } = await stores.calls.list(PROJECT, {}, 10, null);
    expect(data).toMatchObject([{ state: 'failed', reason: 'at_capacity', disconnectedBy: 'system' }]);
    const told = (await stores.calls.events(data[0]?.id ?? '')).map(({ type }) => type);
    expect(told).toEqual(['webhook', 'call.failed']);
    expect(useCases.health.notReady()).toBeUndefined();
  });

  it('answers with the failure of the store, and is not ready for a while', async () => {
    const { useCases, clock, telemetry } = await openHarness({
      wrapCalls: (calls) => ({ ...calls, create: () => Promise.reject(new RapidaError('store_failed')) }),
    });
    await expect(useCases.registerInbound(INBOUND)).rejects.toEqual(refusal('store_failed'));
    expect(telemetry.counts.get('rapida_store_errors_total{call_create}')).toBe(1);
    expect(useCases.health.notReady()).toMatch(/store/);
    await clock.advance(10_000);
    expect(useCases.health.notReady()).toBeUndefined();
  });

  it('leaves no timer behind when the greeting is rendered', async () => {
    const { useCases, clock } = await openHarness();
    await useCases.registerInbound(INBOUND);
    await settle();
    expect(clock.pendingTimers).toBe(0);
  });
});
