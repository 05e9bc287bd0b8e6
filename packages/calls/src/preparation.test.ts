import {
  assistantConfigSchema,
  type CallContext,
  type CallRecord,
  NO_TOOLS,
  RapidaError,
  silentLogger,
} from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { createPreparations, PREPARED_MS_MAX } from './preparation.js';
import { type Harness, INBOUND, openHarness, PROJECT } from './testing/harness.js';

/** Its greetings are told apart by their text alone. */
const greetings = { get: async (_: unknown, text: string) => ({ text, samples: new Int16Array(0) }) };

async function registered(harness: Harness): Promise<{ call: CallRecord; context: CallContext }> {
  const { contextId, callId } = await harness.useCases.registerInbound(INBOUND);
  const call = await harness.useCases.calls.get(PROJECT, callId);
  return { call, context: { contextId, callId, projectId: PROJECT, assistantId: call.assistantId } };
}

const openTools = async () => NO_TOOLS;

function open({ providers, stores, clock }: Harness, preparedMax: number) {
  return createPreparations({ providers, greetings, clock, logger: silentLogger, ...stores, openTools, preparedMax });
}

describe('preparing a call', () => {
  it('drops what nobody has taken for long: another node has claimed it', async () => {
    const harness = await openHarness();
    const [old, next] = [await registered(harness), await registered(harness)];
    const preparations = open(harness, 10);
    preparations.start(old.call, harness.assistant);
    await harness.clock.advance(PREPARED_MS_MAX);
    preparations.start(next.call, harness.assistant);
    // It is prepared again, from the record.
    expect(preparations.take(old.context).assistant).toBeUndefined();
    expect(preparations.take(next.context).assistant).toBe(harness.assistant);
  });

  it('knows whether something waits that was made ready a moment ago', async () => {
    const harness = await openHarness();
    const { call, context } = await registered(harness);
    const preparations = open(harness, 10);
    expect(preparations.awaits(1_000)).toBe(false);
    preparations.start(call, harness.assistant);
    await harness.clock.advance(999);
    expect([preparations.awaits(1_000), preparations.awaits(999)]).toEqual([true, false]);
    preparations.dropAll();
    expect(preparations.awaits(1_000)).toBe(false);
    expect(preparations.take(context).assistant).toBeUndefined();
  });

  it('hands over what was prepared, once', async () => {
    const harness = await openHarness();
    const { call, context } = await registered(harness);
    const preparations = open(harness, 10);
    harness.providers.opened = 0;
    preparations.start(call, harness.assistant);
    const pending = preparations.take(context);
    expect(pending.assistant).toBe(harness.assistant);
    const { greeting } = await pending.ready;
    expect((await greeting)?.text).toBe('Hello');
    expect(harness.providers.opened).toBe(1);
    expect(preparations.take(context).assistant).toBeUndefined();
  });

  it('has its engines connect while the media is on its way', async () => {
    const harness = await openHarness();
    const { call, context } = await registered(harness);
    const preparations = open(harness, 10);
    harness.providers.warmed = 0;
    preparations.start(call, harness.assistant);
    await preparations.take(context).ready;
    expect(harness.providers.warmed).toBe(1);
  });

  it('keeps the configuration that was valid when the call came in', async () => {
    const harness = await openHarness();
    const { call, context } = await registered(harness);
    const preparations = open(harness, 10);
    preparations.start(call, harness.assistant);
    await harness.stores.assistants.saveConfig(
      PROJECT,
      call.assistantId,
      { ...harness.assistant.config, name: 'B' },
      1,
    );
    expect((await preparations.take(context).ready).assistant.config.name).toBe('Test');
  });

  it('prepares with the version the call began with, also where another is live when its media comes', async () => {
    const harness = await openHarness();
    const { call, context } = await registered(harness);
    expect(call.assistantVersion).toBe(1);
    const other = { ...harness.assistant.config, greeting: 'Other' };
    await harness.stores.assistants.saveConfig(PROJECT, call.assistantId, other, 1);
    const { assistant, greeting } = await open(harness, 10).take(context).ready;
    expect(assistant).toMatchObject({ version: 1 });
    expect((await greeting)?.text).toBe('Hello');
  });

  it('prepares with what the call has otherwise, before the assistant and its deployment', async () => {
    const harness = await openHarness({ config: { greeting: 'Hello {{name}}', recording: { enabled: true } } });
    const { call, context } = await registered(harness);
    const overrides = {
      greeting: 'Hi {{name}}',
      variables: { name: 'Zoë' },
      language: 'en-GB',
      tts: { voice: 'rms', speed: 1.5 },
      limits: { callMs: 60_000 },
      recording: { enabled: false as const },
    };
    const preparations = open(harness, 10);
    const deployment = { ...harness.assistant.deployment, greeting: 'Deployed' };
    preparations.start({ ...call, args: { name: 'args' }, overrides }, { ...harness.assistant, deployment });
    const pending = preparations.take(context);
    expect(pending.assistant?.config.recording.enabled).toBe(false);
    const { config, variables, greeting } = await pending.ready;
    expect((await greeting)?.text).toBe('Hi Zoë');
    expect(config).toMatchObject({ tts: { voice: 'rms', speed: 1.5 }, recording: { enabled: false } });
    expect(config.limits.callMs).toBe(60_000);
    expect(config.language).toBe('en-GB');
    expect(variables).toMatchObject({ name: 'Zoë', caller: call.from, language: 'en-GB' });
  });

  it('takes the value that is nearest to the call: overrides, args, metadata, the assistant', async () => {
    const harness = await openHarness({ config: { variables: { a: '1', b: '1', c: '1', d: '1', caller: '1' } } });
    const { call, context } = await registered(harness);
    const preparations = open(harness, 10);
    const given = {
      metadata: { b: '2', c: '2', d: '2' },
      args: { c: '3', d: '3' },
      overrides: { variables: { d: '4' } },
    };
    preparations.start({ ...call, ...given }, harness.assistant);
    const { variables } = await preparations.take(context).ready;
    expect(variables).toEqual({ a: '1', b: '2', c: '3', d: '4', caller: call.from, language: 'en-US' });
  });

  it('keeps to the shorter limit of the deployment, whatever the call was ordered with', async () => {
    const harness = await openHarness();
    const { call, context } = await registered(harness);
    const preparations = open(harness, 10);
    const { deployment } = harness.assistant;
    const limited = { ...deployment, limits: { ...deployment.limits, callMs: 30_000 } };
    preparations.start(
      { ...call, overrides: { limits: { callMs: 60_000 } } },
      { ...harness.assistant, deployment: limited },
    );
    expect((await preparations.take(context).ready).config.limits.callMs).toBe(30_000);
  });

  it.each([
    ['nothing', {}, []],
    ['the recogniser', { stt: { provider: 'deepgram' } }, ['Wait.', 'Still here.']],
    ['the model', { llm: { provider: 'openai' } }, ['Wait.', 'Still here.']],
    ['the voice', { tts: { provider: 'deepgram' } }, ['Wait.', 'Still here.']],
  ] as const)('makes fillers ready where %s is reached over a network', async (_, engines, expected) => {
    const harness = await openHarness();
    const { call, context } = await registered(harness);
    const preparations = open(harness, 10);
    const filler = { phrases: ['Wait.', 'Still here.'] };
    const config = assistantConfigSchema.parse({ name: 'Test', filler, ...engines });
    preparations.start(call, { ...harness.assistant, config });
    const fillers = await (await preparations.take(context).ready).fillers;
    expect(fillers.map(({ text }) => text)).toEqual(expected);
  });

  it('keeps a failure for the session, and nobody is hurt where none comes', async () => {
    const harness = await openHarness();
    const { call, context } = await registered(harness);
    const preparations = open(harness, 10);
    harness.providers.failure = new Error('weights are missing');
    preparations.start(call, harness.assistant);
    await settle();
    const { ready } = preparations.take(context);
    await expect(ready).rejects.toEqual(expect.objectContaining({ name: 'RapidaError', code: 'internal' }));
    preparations.start(call, harness.assistant);
    preparations.drop(call.contextId);
    preparations.drop(call.contextId);
    await settle();
  });

  it('is bounded: the oldest is dropped, and prepared when its media comes', async () => {
    const harness = await openHarness();
    const preparations = open(harness, 2);
    const calls = [await registered(harness), await registered(harness), await registered(harness)];
    for (const { call } of calls) preparations.start(call, harness.assistant);
    const taken = calls.map(({ context }) => preparations.take(context));
    expect(taken.map(({ assistant }) => assistant?.id)).toEqual([undefined, '42', '42']);
    expect((await taken[0]!.ready).assistant.id).toBe('42');
  });

  it('fails with assistant_not_found or call_not_found where there is nothing to prepare from', async () => {
    const harness = await openHarness();
    const { context } = await registered(harness);
    const preparations = open(harness, 2);
    const failure = (code: 'call_not_found' | 'assistant_not_found') =>
      expect.objectContaining({ code, message: new RapidaError(code).message });
    const unknown = { ...context, contextId: 'ffffffff-ffff-4fff-8fff-ffffffffffff' };
    await expect(preparations.take(unknown).ready).rejects.toEqual(failure('call_not_found'));
    await harness.stores.assistants.remove(PROJECT, context.assistantId);
    await expect(preparations.take(context).ready).rejects.toEqual(failure('assistant_not_found'));
  });
});
