import {
  createIdSource,
  type ProviderSource,
  type SpeechToTextStream,
  systemClock,
  type Transcript,
} from '@rapida/core';
import { createLoudnessDetector, ScriptedModel, ScriptedRecogniser, ToneVoice } from '@rapida/core/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { request } from './support/api.js';
import { type Caller, callOverAudioSocket } from './support/caller.js';
import { type EventStream, openEventStream } from './support/event-stream.js';
import { metricOf } from './support/metrics.js';
import { patientAssistant, type ServerUnderTest, startServerUnderTest } from './support/server-under-test.js';

const WAIT = { timeout: 10_000, interval: 20 };

/** Understands one sentence, the beginning of it first. */
class PartialRecogniser extends ScriptedRecogniser {
  override open(options: unknown, signal: AbortSignal): SpeechToTextStream {
    const stream = super.open(options, signal);
    async function* withPartials(): AsyncGenerator<Transcript> {
      for await (const transcript of stream) {
        yield { kind: 'partial', text: 'when are' };
        yield transcript;
      }
    }
    const iterator = withPartials();
    return { ...stream, [Symbol.asyncIterator]: () => iterator };
  }
}

const providers: ProviderSource = {
  forAssistant: async () => ({
    stt: new PartialRecogniser(systemClock, ['when are you open']),
    llm: new ScriptedModel(systemClock, ['We are open from nine to five.']),
    tts: new ToneVoice(systemClock),
    vad: createLoudnessDetector,
  }),
  validate: async () => [],
  close: async () => {},
};

let server: ServerUnderTest;
let assistantId: string;
beforeAll(async () => {
  server = await startServerUnderTest({ providers });
  assistantId = await patientAssistant(server.api);
});
afterAll(() => server.stop());

const until = (assertion: () => void) => vi.waitFor(assertion, WAIT);
const turnsOf = (stream: EventStream) =>
  stream.messages.flatMap(({ event, data }) => (event === 'turn' ? [[data.data.role, data.data.text]] : []));

async function registered(): Promise<{ callId: string; contextId: string }> {
  const contextId = await server.api.register(assistantId);
  return { contextId, callId: (await server.api.callOf(contextId)).id };
}

const called = (contextId: string): Promise<Caller> =>
  callOverAudioSocket({ url: server.url, audiosocketPort: server.server.audiosocketPort }, contextId);

async function report(contextId: string, type: string): Promise<void> {
  const path = `/v1/talk/asterisk/ctx/${contextId}/event`;
  const { status } = await request(server.url, path, { method: 'POST', body: JSON.stringify({ type }) });
  expect(status).toBe(201);
}

describe('the stream of a call that is held', () => {
  it('tells of it word by word as it happens, and ends with it', { timeout: 30_000 }, async () => {
    const everything = await openEventStream(server.api);
    const { callId, contextId } = await registered();
    const stream = await openEventStream(server.api, `?callId=${callId}`);
    const caller = await called(contextId);
    await until(() => expect(turnsOf(stream)).toEqual([['assistant', 'Hello.']]));
    const { sent } = caller;
    caller.speaks = true;
    await until(() => expect(caller.sent).toBeGreaterThan(sent + 40));
    caller.speaks = false;
    await until(() => expect(turnsOf(stream)).toHaveLength(3));
    expect(stream.over).toBeUndefined();
    caller.hangup();
    await until(() => expect(stream.over).toBe('ended'));

    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(turnsOf(stream)).toEqual([
      ['assistant', 'Hello.'],
      ['user', 'when are you open'],
      ['assistant', 'We are open from nine to five.'],
    ]);
    expect(turnsOf(stream)).toEqual((await server.api.transcript(callId)).data.map(({ role, text }) => [role, text]));
    const said = stream.messages.filter(({ event }) => event.startsWith('caller.') || event === 'assistant.saying');
    expect(said.map(({ event, data }) => [event, data.data.text])).toEqual([
      ['assistant.saying', 'Hello.'],
      ['caller.partial', 'when are'],
      ['caller.said', 'when are you open'],
      ['assistant.saying', 'We are open from nine to five.'],
    ]);
    expect(stream.types.filter((type) => !/^(caller|assistant)\.|^turn$/.test(type))).toEqual([
      ...['webhook', 'call.state', 'call.connected', 'call.state', 'call.ended', 'stream.closed'],
    ]);
    expect(stream.numbers).toEqual([1, 2, 3]);
    expect(stream.reason).toBe('call_ended');
    for (const { id, data } of stream.messages.slice(0, -1)) {
      expect(data).toMatchObject({ callId, assistantId, at: expect.stringMatching(/^\d{4}-.*Z$/) });
      expect(id).not.toBe('');
    }
    expect(new Set(stream.messages.map(({ id }) => id)).size).toBe(stream.messages.length);

    // Whoever watches everything has seen the same, and goes on.
    await until(() => expect(everything.types.at(-1)).toBe('call.ended'));
    expect(everything.types).toEqual(['call.state', ...stream.types.slice(0, -1)]);
    expect(everything.over).toBeUndefined();
    everything.leave();
  });

  it('gives a call that is over, whole or from where it was left, and then has nothing more', async () => {
    const { callId, contextId } = await registered();
    const caller = await called(contextId);
    await server.api.ended(contextId, { state: 'connected' });
    caller.hangup();
    await server.api.ended(contextId, { state: 'completed' });
    const whole = await openEventStream(server.api, `?callId=${callId}`);
    await until(() => expect(whole.over).toBe('ended'));
    expect(whole.types).toEqual(['webhook', 'call.connected', 'call.ended', 'stream.closed']);
    const [, second, third] = whole.messages;
    const rest = await openEventStream(server.api, `?callId=${callId}`, second?.id);
    await until(() => expect(rest.over).toBe('ended'));
    expect(rest.types).toEqual(['call.ended', 'stream.closed']);
    const again = `/v1/calls/stream?callId=${callId}&lastEventId=${third?.id}`;
    expect((await request(server.url, again, { key: server.api.key })).status).toBe(204);
  });

  it('has neither hole nor repetition, whenever it is begun and however often it is left', {
    timeout: 60_000,
  }, async () => {
    const { callId, contextId } = await registered();
    const caller = await called(contextId);
    await server.api.ended(contextId, { state: 'connected' });
    const REPORTS = 60;
    let reporting = true;
    const reports = (async () => {
      for (let n = 0; n < REPORTS; n += 4) {
        await Promise.all(['a', 'b', 'c', 'd'].map((name) => report(contextId, `${name}${n}`)));
      }
      reporting = false;
    })();

    /** Reads a few events, leaves in the middle of things, and comes back, until the call is over. */
    async function restless(patience: number): Promise<number[]> {
      const numbers: number[] = [];
      let lastEventId: string | undefined;
      for (;;) {
        const stream = await openEventStream(server.api, `?callId=${callId}`, lastEventId);
        const enough = () => expect(stream.over === 'ended' || stream.messages.length > patience).toBe(true);
        await vi.waitFor(enough, { timeout: 20_000, interval: 1 });
        const read = stream.messages.filter(({ event }) => event !== 'stream.closed');
        stream.leave();
        numbers.push(...read.flatMap(({ data }) => (data.seq === null ? [] : [data.seq])));
        lastEventId = read.at(-1)?.id ?? lastEventId;
        if (stream.reason === 'call_ended') return numbers;
      }
    }
    const readers = [1, 2, 3, 7, 20, 1_000].map(restless);
    await reports;
    expect(reporting).toBe(false);
    caller.hangup();
    const { data } = await vi.waitFor(async () => {
      const events = await server.api.get<{ data: { seq: number; type: string }[] }>(`/v1/calls/${callId}/events`);
      expect(events.data.at(-1)?.type).toBe('call.ended');
      return events;
    }, WAIT);
    const stored = data.map(({ seq }) => seq);
    expect(stored).toHaveLength(REPORTS + 3);
    for (const numbers of await Promise.all(readers)) expect(numbers).toEqual(stored);
  });

  it('is not for a key that may only register calls, nor of a call that is not there', async () => {
    const { key } = await server.api.send<{ key: string }>('POST', '/v1/api-keys', { name: 'x', scopes: ['inbound'] });
    expect((await request(server.url, '/v1/calls/stream', { key })).status).toBe(403);
    const unknown = `/v1/calls/stream?callId=${createIdSource(systemClock)()}`;
    expect((await request(server.url, unknown, { key: server.api.key })).status).toBe(404);
  });

  it('leaves nothing behind where its client goes', async () => {
    const open = () => metricOf(server.url, 'rapida_live_streams');
    await vi.waitFor(async () => expect(await open()).toBe(0), WAIT);
    const streams = await Promise.all(Array.from({ length: 5 }, () => openEventStream(server.api)));
    expect(await open()).toBe(5);
    for (const stream of streams) stream.leave();
    await vi.waitFor(async () => expect(await open()).toBe(0), WAIT);
  });

  it('lasts while the server waits for its calls, and ends with it', { timeout: 30_000 }, async () => {
    const { callId, contextId } = await registered();
    const caller = await called(contextId);
    await server.api.ended(contextId, { state: 'connected' });
    const ofCall = await openEventStream(server.api, `?callId=${callId}`);
    const everything = await openEventStream(server.api);
    const drained = server.server.drain();
    await server.api.send('POST', `/v1/calls/${callId}/say`, { text: 'Goodbye.' });
    await until(() => expect(everything.types).toContain('assistant.saying'));
    caller.hangup();
    await drained;
    expect(ofCall.reason).toBe('call_ended');
    expect([everything.over, everything.reason]).toEqual(['ended', 'server_shutdown']);
    expect(everything.numbers.length).toBeGreaterThan(0);
  });
});
