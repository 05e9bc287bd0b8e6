import { type AssistantRecord, createScope, RapidaError, type Scope, silentLogger } from '@rapida/core';
import { settle, VirtualClock } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createGreetings, GREETING_RENDER_MS_MAX, GREETING_RENDERS_MAX } from './greetings.js';
import { FakeVoice } from './testing/fake-providers.js';
import { FakeTelemetry } from './testing/fake-telemetry.js';
import { openHarness } from './testing/harness.js';

describe('greetings', () => {
  let clock: VirtualClock;
  let scope: Scope;
  let telemetry: FakeTelemetry;
  let assistant: AssistantRecord;
  let voice: FakeVoice;
  const open = (bytesMax?: number) =>
    createGreetings({ clock, logger: silentLogger, telemetry, scope, ...(bytesMax && { bytesMax }) });

  beforeEach(async () => {
    ({ assistant } = await openHarness());
    clock = new VirtualClock();
    scope = createScope('process', { clock, onError: () => expect.unreachable() });
    telemetry = new FakeTelemetry();
    voice = new FakeVoice();
  });

  it('are synthesised once, also for calls that come at the same time', async () => {
    const greetings = open();
    const [first, second] = await Promise.all([
      greetings.get(assistant, 'Hello', voice),
      greetings.get(assistant, 'Hello', voice),
    ]);
    expect(first).toBe(second);
    expect(await greetings.get(assistant, 'Hello', voice)).toBe(first);
    expect(first).toMatchObject({ text: 'Hello' });
    expect(first?.samples).toHaveLength(5 * 320);
    expect(voice.spoken).toEqual(['Hello']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('are synthesised anew for another text or version', async () => {
    const greetings = open();
    await greetings.get(assistant, 'Hello', voice);
    await greetings.get(assistant, 'Hi', voice);
    await greetings.get({ ...assistant, version: 2 }, 'Hello', voice);
    await greetings.get({ ...assistant, id: '43' }, 'Hello', voice);
    expect(voice.spoken).toEqual(['Hello', 'Hi', 'Hello', 'Hello']);
  });

  it('are synthesised anew for a call that has another voice or language than its assistant', async () => {
    const greetings = open();
    const { config } = assistant;
    await greetings.get(assistant, 'Hello', voice);
    await greetings.get({ ...assistant, config: { ...config, tts: { ...config.tts, speed: 1.5 } } }, 'Hello', voice);
    await greetings.get({ ...assistant, config: { ...config, language: 'en-GB' } }, 'Hello', voice);
    await greetings.get({ ...assistant, config: { ...config, instructions: 'other' } }, 'Hello', voice);
    expect(voice.spoken).toEqual(['Hello', 'Hello', 'Hello']);
  });

  it('are kept up to a number of bytes, the one longest unused goes first', async () => {
    // One letter is 20 ms, 640 bytes.
    const greetings = open(640 * 7);
    await greetings.get(assistant, 'aaa', voice);
    await greetings.get(assistant, 'bbb', voice);
    await greetings.get(assistant, 'aaa', voice);
    await greetings.get(assistant, 'cc', voice);
    voice.spoken.length = 0;
    await greetings.get(assistant, 'aaa', voice);
    await greetings.get(assistant, 'cc', voice);
    expect(voice.spoken).toEqual([]);
    await greetings.get(assistant, 'bbb', voice);
    expect(voice.spoken).toEqual(['bbb']);
  });

  it('are nothing where there is no text, and cost nothing', async () => {
    expect(await open().get(assistant, ' ', voice)).toBeUndefined();
    expect(voice.spoken).toEqual([]);
  });

  it('fail quietly and counted, and are tried again the next time', async () => {
    const greetings = open();
    voice.failure = new RapidaError('provider_rate_limited');
    expect(await greetings.get(assistant, 'Hello', voice)).toBeUndefined();
    expect(telemetry.counts.get('rapida_provider_errors_total{tts,fake,provider_rate_limited}')).toBe(1);
    voice.failure = undefined;
    expect(await greetings.get(assistant, 'Hello', voice)).toBeDefined();
  });

  it('give up a voice that neither speaks nor stops, and free its place', async () => {
    const greetings = open();
    voice.gate = new Promise(() => {});
    const waiting = Array.from({ length: GREETING_RENDERS_MAX }, (_, i) => greetings.get(assistant, `${i}`, voice));
    expect(await greetings.get(assistant, 'one too many', voice)).toBeUndefined();
    await clock.advance(GREETING_RENDER_MS_MAX);
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => undefined));
    expect(telemetry.counts.get('rapida_provider_errors_total{tts,fake,provider_timeout}')).toBe(GREETING_RENDERS_MAX);
    voice.gate = Promise.resolve();
    expect(await greetings.get(assistant, 'now', voice)).toBeDefined();
  });

  it('stop with the process', async () => {
    voice.gate = new Promise(() => {});
    const waiting = open().get(assistant, 'Hello', voice);
    await settle();
    await scope.close();
    expect(await waiting).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });
});
