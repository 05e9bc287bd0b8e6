import { RapidaError } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { ASSISTANT, openHarness, PROJECT } from '../testing/harness.js';
import type { TestCallRequest } from '../use-cases.js';
import { TEST_CONTEXT_TTL_MS } from './test-calls.js';

const REQUEST: TestCallRequest = {
  ...{ projectId: PROJECT, assistantId: ASSISTANT, version: undefined, from: 'browser', mode: 'microphone' },
};
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error) => RapidaError.from(error).code,
  );

describe('a call from a browser', () => {
  it('is registered as any other is, and can be told from the others', async () => {
    const { useCases, stores, telemetry } = await openHarness();
    const { contextId, callId } = await useCases.testCalls.register(REQUEST);
    expect(await stores.calls.get(PROJECT, callId)).toMatchObject({
      ...{ contextId, direction: 'inbound', state: 'registered', from: 'browser', assistantVersion: 1 },
      metadata: { test: 'browser', mode: 'microphone' },
    });
    expect((await stores.calls.events(callId)).map(({ type }) => type)).toEqual(['webhook']);
    expect(telemetry.counts.get('rapida_calls_registered_total')).toBe(1);
    expect(await useCases.media.claim(contextId, 'browser', '192.0.2.1')).toMatchObject({ ok: true });
  });

  it('reaches an assistant that no telephone reaches', async () => {
    const { useCases } = await openHarness({ deploymentEnabled: false });
    expect(await codeOf(useCases.testCalls.register(REQUEST))).toBe('ok');
  });

  it('tries a version that is not live', async () => {
    const { useCases, stores, assistant } = await openHarness();
    const { version } = await useCases.assistants.addVersion(PROJECT, ASSISTANT, {
      ...assistant.config,
      greeting: 'New',
    });
    const { callId } = await useCases.testCalls.register({ ...REQUEST, version });
    expect((await stores.calls.get(PROJECT, callId))?.assistantVersion).toBe(version);
    expect(await codeOf(useCases.testCalls.register({ ...REQUEST, version: 99 }))).toBe('assistant_version_not_found');
  });

  it('is refused where a call by telephone would be, and counted', async () => {
    const { useCases, telemetry, drain } = await openHarness({ callsMax: 1 });
    const register = (change: Partial<TestCallRequest> = {}) =>
      codeOf(useCases.testCalls.register({ ...REQUEST, ...change }));
    expect(await register({ assistantId: '77' })).toBe('assistant_not_found');
    expect(await register({ projectId: '2' })).toBe('assistant_not_found');
    expect(await register({ from: ' ' })).toBe('caller_missing');
    expect([await register(), await register()]).toEqual(['ok', 'at_capacity']);
    await drain(0);
    expect(await register()).toBe('draining');
    expect(telemetry.counts.get('rapida_calls_refused_total{at_capacity}')).toBe(1);
  });

  it('gives its place back soon where no browser comes for it', async () => {
    const { useCases, clock } = await openHarness({ callsMax: 1 });
    const { contextId } = await useCases.testCalls.register(REQUEST);
    await clock.advance(TEST_CONTEXT_TTL_MS + 1);
    expect(await useCases.media.claim(contextId, 'browser', '192.0.2.1')).toMatchObject({ code: 'context_expired' });
    expect(await codeOf(useCases.testCalls.register(REQUEST))).toBe('ok');
  });
});

describe('the voice of a caller who types', () => {
  const contextOf = async (config: { language?: string }) => {
    const harness = await openHarness({ config: { tts: { provider: 'openai', voice: 'alloy' }, ...config } });
    const { contextId, callId } = await harness.useCases.testCalls.register({ ...REQUEST, mode: 'text' });
    return { ...harness, context: { contextId, callId, projectId: PROJECT, assistantId: ASSISTANT } };
  };

  it('is one of this host in English, whatever voice the assistant has', async () => {
    const { useCases, providers, context } = await contextOf({});
    const speak = await useCases.testCalls.voice(context);
    expect(providers.config).toMatchObject({ language: 'en-US', tts: { provider: 'local', voice: 'rms' } });
    let samples = 0;
    for await (const part of speak('hello', new AbortController().signal)) samples += part.length;
    expect(samples).toBeGreaterThan(0);
  });

  it("is the assistant's own in another language, which the one of this host does not speak", async () => {
    const { useCases, providers, context } = await contextOf({ language: 'es' });
    await useCases.testCalls.voice(context);
    expect(providers.config).toMatchObject({ language: 'es', tts: { provider: 'openai', voice: 'alloy' } });
  });
});
