import { dbfs, rms } from '@rapida/audio';
import { FRAME_SAMPLES, RATE_HZ, type RealtimeEvent, type RealtimeOptions, type RealtimeSession } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { NO_ANSWER } from '../wire/testing/fake-json-socket.js';
import { FAKE_KEY, type FakeLivePlan } from './testing/fake-live.js';
import { startLiveSubject } from './testing/live-subject.js';

const OPTIONS: RealtimeOptions = {
  instructions: 'Be kind to {{caller}}.',
  variables: { caller: 'Ada' },
  language: 'en-GB',
  lineRateHz: 8_000,
  tools: [{ name: 'look_up', description: 'Looks up.', parameters: { type: 'object', properties: {} } }],
  history: [],
};

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function open(plan: FakeLivePlan = {}, options: Partial<RealtimeOptions> = {}) {
  const subject = await startLiveSubject(plan);
  cleanups.push(() => subject.close());
  const session = subject.realtime.open({ ...OPTIONS, ...options }, new AbortController().signal);
  cleanups.push(() => session.close());
  const ask = (turn: number, answer: number) => {
    session.beginTurn(turn);
    speak(session, subject.speech);
    session.answer(answer);
  };
  return { ...subject, session, ask, events: session[Symbol.asyncIterator]() };
}

function speak(session: RealtimeSession, speech: Int16Array): void {
  for (let at = 0; at < speech.length; at += FRAME_SAMPLES) {
    session.write({ samples: speech.slice(at, at + FRAME_SAMPLES), atMs: 0 });
  }
}

async function until(events: AsyncIterator<RealtimeEvent>, last: (event: RealtimeEvent) => boolean) {
  const read: RealtimeEvent[] = [];
  for (;;) {
    const { value, done } = await events.next();
    if (done) throw new Error('ended');
    read.push(value);
    if (last(value)) return read;
  }
}

const done = (event: RealtimeEvent) => event.type === 'answer-done';
const sound = (event: RealtimeEvent) => event.type === 'audio';
const isAudio = (message: Readonly<Record<string, unknown>>) =>
  (message.realtimeInput as { audio?: unknown } | undefined)?.audio !== undefined;

describe('the Gemini Live API', () => {
  it('is set up with our turns, transcripts both ways, calls that block, and a session without an end', async () => {
    const { ask, events, fake } = await open();
    ask(1, 1);
    await until(events, done);
    expect(fake.received[0]).toEqual({
      setup: {
        model: 'models/gemini-3.8-live',
        generationConfig: {
          responseModalities: ['AUDIO'],
          speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
        },
        systemInstruction: { parts: [{ text: 'Be kind to Ada.' }] },
        tools: [
          {
            functionDeclarations: [
              {
                name: 'look_up',
                description: 'Looks up.',
                parametersJsonSchema: { type: 'object', properties: {} },
                behavior: 'BLOCKING',
              },
            ],
          },
        ],
        realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
        inputAudioTranscription: {},
        outputAudioTranscription: {},
        sessionResumption: {},
        contextWindowCompression: { slidingWindow: {} },
      },
    });
    expect(fake.received.slice(1).filter((message) => !isAudio(message))).toEqual([
      { realtimeInput: { activityStart: {} } },
      { realtimeInput: { activityEnd: {} } },
    ]);
    expect(fake.refusals).toEqual([]);
  });

  it('sends frames as they are, and gives what it hears at 24 kHz as 16 kHz', async () => {
    const { ask, events, fake, speech } = await open();
    ask(1, 1);
    const read = await until(events, done);
    const sent = fake.received.filter(isAudio);
    expect(sent).toHaveLength(speech.length / FRAME_SAMPLES);
    const heard = Int16Array.from(read.flatMap((event) => (event.type === 'audio' ? [...event.samples] : [])));
    expect(heard.length / RATE_HZ).toBeCloseTo(0.26, 2);
    expect(dbfs(rms(heard))).toBeCloseTo(-12, 0);
  });

  it('sends keys with the turn they fall into, and alone where nobody speaks', async () => {
    const { session, events, fake, speech } = await open();
    session.beginTurn(1);
    speak(session, speech);
    session.tell('[keys] 1');
    session.answer(1);
    await until(events, done);
    session.tell('[keys] 2');
    session.answer(2);
    await until(events, done);
    const [text, , content] = fake.received.filter((message) => !isAudio(message)).slice(2);
    expect(text).toEqual({ realtimeInput: { text: '[keys] 1' } });
    expect(content).toEqual({
      clientContent: { turns: [{ role: 'user', parts: [{ text: '[keys] 2' }] }], turnComplete: true },
    });
    expect(fake.refusals).toEqual([]);
  });

  it('goes on after an interruption, whatever of the old answer is still on its way', async () => {
    const { session, ask, events, fake } = await open({ speech: [{ says: 'A very long story. '.repeat(20) }] });
    ask(1, 1);
    await until(events, sound);
    session.truncate(1, 20);
    ask(2, 2);
    const read = await until(events, done);
    expect(read.filter((event) => 'answer' in event && event.answer === 1)).toEqual([]);
    expect(read.at(-1)).toEqual({ type: 'answer-done', answer: 2, awaits: 'nothing' });
    expect(fake.refusals).toEqual([]);
  });

  it('gives a call back when all of its results are there, in one message', async () => {
    const call = { name: 'look_up', args: {} };
    const { ask, events, session, fake } = await open({ speech: [{ calls: [call, call] }] });
    ask(1, 1);
    const calls = (await until(events, done)).flatMap((event) => (event.type === 'tool-call' ? [event.call] : []));
    expect(calls.map(({ id }) => id)).toEqual(['call-1', 'call-2']);
    for (const one of calls) session.toolResult(1, one, `result of ${one.id}`);
    await until(events, done);
    expect(fake.received.at(-1)).toEqual({
      toolResponse: {
        functionResponses: [
          { id: 'call-1', name: 'look_up', response: { result: 'result of call-1' } },
          { id: 'call-2', name: 'look_up', response: { result: 'result of call-2' } },
        ],
      },
    });
  });

  it('takes an answer without a word for an answer', async () => {
    const { ask, events } = await open({ speech: [{ ignores: true }] });
    ask(1, 1);
    const read = await until(events, done);
    expect(read.some(sound)).toBe(false);
    ask(2, 2);
    expect((await until(events, done)).some(sound)).toBe(true);
  });

  it('tells a new session what was said in the one before', async () => {
    const history = [{ role: 'assistant', text: 'Hello.' } as const, { role: 'user', text: 'Hi.' } as const];
    const { session, events, fake } = await open({}, { history });
    session.say(1, 'Go.');
    await until(events, done);
    expect(fake.received[1]).toEqual({
      clientContent: {
        turns: [
          { role: 'model', parts: [{ text: 'Hello.' }] },
          { role: 'user', parts: [{ text: 'Hi.' }] },
        ],
        turnComplete: false,
      },
    });
  });
});

describe('the end of a connection that is announced', () => {
  it('is followed by another one with the same session, and nothing is lost', async () => {
    const history = [{ role: 'user', text: 'Hi.' } as const];
    const { ask, events, fake } = await open({}, { history });
    ask(1, 1);
    await until(events, done);
    fake.leave();
    await fake.until(() => fake.connections.length === 2);
    ask(2, 2);
    const read = await until(events, done);
    expect(read.at(-1)).toMatchObject({ answer: 2 });
    await fake.until(() => fake.open === 1);
    const setups = fake.received.filter((message) => message.setup !== undefined);
    expect(setups[1]).toMatchObject({ setup: { sessionResumption: { handle: 'handle-2' } } });
    // The session knows it already.
    expect(fake.received.filter((message) => message.clientContent !== undefined)).toHaveLength(1);
    expect(fake.refusals).toEqual([]);
  });

  it('waits for the end of what is being said', async () => {
    const { ask, events, fake } = await open({ speech: [{ says: 'A long story. '.repeat(5) }] });
    ask(1, 1);
    await until(events, sound);
    fake.leave();
    const read = await until(events, done);
    expect(read.filter(sound).length).toBeGreaterThan(5);
    await fake.until(() => fake.connections.length === 2);
  });

  it('is a failure where the session cannot be resumed', async () => {
    const { ask, events, fake } = await open({ forgets: true });
    ask(1, 1);
    await until(events, done);
    fake.leave();
    await settle();
    fake.connections[0]?.close(1001);
    await expect(until(events, done)).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect(fake.connections).toHaveLength(1);
  });
});

describe('failures', () => {
  it.each([
    [403, 'provider_auth'],
    [429, 'provider_rate_limited'],
    [500, 'provider_unavailable'],
  ])('a connection refused with %i is %s', async (refusal, code) => {
    const { events } = await open({ refusal });
    await expect(events.next()).rejects.toMatchObject({ code });
  });

  it.each([
    [1007, 'provider_rejected'],
    [1008, 'provider_rejected'],
    [1011, 'provider_unavailable'],
  ])('a connection closed with %i is %s, and the reason is not quoted', async (closes, code) => {
    const { events } = await open({ closes });
    const failure = await until(events, done).catch((error: Error) => error);
    expect(failure).toMatchObject({ code });
    expect(String(failure)).not.toContain('key');
    expect(String(failure)).not.toContain(FAKE_KEY);
  });

  it('is a failure when what comes is not JSON of theirs', async () => {
    const { events, fake } = await open();
    await fake.until(() => fake.received.length > 0);
    fake.connections[0]?.send('nonsense' as unknown as object);
    await expect(until(events, done)).rejects.toMatchObject({ code: 'provider_protocol' });
  });

  it('gives up a vendor that does not answer the connection', async () => {
    const { events, clock } = await open({ refusal: NO_ANSWER });
    const failing = expect(events.next()).rejects.toMatchObject({ code: 'provider_timeout' });
    await clock.advance(3_000);
    await failing;
  });

  it('closes the connection at the vendor', async () => {
    const { session, fake } = await open();
    await fake.until(() => fake.received.length > 0);
    session.close();
    await fake.until(() => fake.open === 0);
  });
});
