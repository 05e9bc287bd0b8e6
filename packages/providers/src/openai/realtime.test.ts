import { dbfs, rms } from '@rapida/audio';
import { FRAME_SAMPLES, RATE_HZ, type RealtimeEvent, type RealtimeOptions, type RealtimeSession } from '@rapida/core';
import { afterEach, describe, expect, it } from 'vitest';
import { NO_ANSWER } from '../wire/testing/fake-json-socket.js';
import type { FakeRealtimePlan } from './testing/fake-realtime.js';
import { FAKE_KEY } from './testing/fake-realtime.js';
import { startRealtimeSubject } from './testing/realtime-subject.js';

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

async function open(plan: FakeRealtimePlan = {}, options: Partial<RealtimeOptions> = {}, voice?: string) {
  const subject = await startRealtimeSubject(plan, voice === undefined ? {} : { voice });
  cleanups.push(() => subject.close());
  const session = subject.realtime.open({ ...OPTIONS, ...options }, new AbortController().signal);
  cleanups.push(() => session.close());
  return { ...subject, session, events: session[Symbol.asyncIterator]() };
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

describe("OpenAI's Realtime API", () => {
  it('is set up with our turns, telephone sound both ways, transcription and tools', async () => {
    const { session, events, fake, speech } = await open();
    session.beginTurn(1);
    speak(session, speech);
    session.answer(1);
    await until(events, done);
    expect(fake.received[0]).toEqual({
      type: 'session.update',
      event_id: 'setup',
      session: {
        type: 'realtime',
        output_modalities: ['audio'],
        instructions: 'Be kind to Ada.',
        tools: [{ type: 'function', ...OPTIONS.tools[0] }],
        tool_choice: 'auto',
        audio: {
          input: {
            format: { type: 'audio/pcmu' },
            turn_detection: null,
            transcription: { model: 'gpt-transcribe', language: 'en' },
          },
          output: { format: { type: 'audio/pcmu' }, voice: 'marin' },
        },
      },
    });
    expect(fake.received.map(({ type }) => type).filter((type) => type !== 'input_audio_buffer.append')).toEqual([
      'session.update',
      'input_audio_buffer.clear',
      'input_audio_buffer.commit',
      'response.create',
    ]);
    expect(fake.errors).toEqual([]);
  });

  it('sends the sound of an 8 kHz line as 160 bytes of mu-law a frame, and of a better one as 24 kHz', async () => {
    for (const [lineRateHz, bytes] of [
      [8_000, 160],
      [16_000, 960],
    ] as const) {
      const { session, events, fake, speech } = await open({}, { lineRateHz });
      session.beginTurn(1);
      speak(session, speech);
      session.answer(1);
      const read = await until(events, done);
      const appended = fake.received.filter(({ type }) => type === 'input_audio_buffer.append');
      expect(appended.map(({ audio }) => Buffer.from(String(audio), 'base64').length)).toEqual(
        new Array(speech.length / FRAME_SAMPLES).fill(bytes),
      );
      const heard = Int16Array.from(read.flatMap((event) => (event.type === 'audio' ? [...event.samples] : [])));
      // "Good morning." at 20 ms a character, as loud as it was sent.
      expect(heard.length / RATE_HZ).toBeCloseTo(0.26, 2);
      expect(dbfs(rms(heard))).toBeCloseTo(-12, 0);
    }
  });

  it('tells the vendor to the millisecond what was heard of an answer, and which parts not at all', async () => {
    const calls = [{ name: 'look_up', arguments: '{}' }];
    const { session, events, fake } = await open({
      speech: [{ says: 'One moment please.', calls }, { says: 'We are open from nine to five.' }],
    });
    session.say(1, 'Go.');
    const [first] = (await until(events, done)).filter((event) => event.type === 'tool-call');
    if (first?.type === 'tool-call') session.toolResult(1, first.call, 'nine to five');
    await until(events, done);
    const items = [...fake.items];
    session.truncate(1, 200.7);
    await fake.until(() => fake.received.some(({ type }) => type === 'conversation.item.delete'));
    expect(fake.received.slice(-2)).toEqual([
      { type: 'conversation.item.truncate', item_id: items[0], content_index: 0, audio_end_ms: 200 },
      { type: 'conversation.item.delete', item_id: items.at(-1) },
    ]);
    expect(fake.errors).toEqual([]);
  });

  it('changes nothing of an answer that was heard whole', async () => {
    const { session, events, fake } = await open();
    session.say(1, 'Go.');
    await until(events, done);
    const before = fake.received.length;
    session.truncate(1, 10_000);
    session.say(2, 'Again.');
    await until(events, done);
    expect(fake.received.slice(before).map(({ type }) => type)).toEqual(['response.create']);
  });

  it('cancels a running response, and asks for the next one when the vendor has ended it', async () => {
    const { session, events, fake } = await open({ speech: [{ says: 'A very long story. '.repeat(20) }] });
    session.say(1, 'Go.');
    await until(events, sound);
    session.truncate(1, 20);
    session.say(2, 'Stop.');
    const read = await until(events, done);
    expect(read.filter((event) => 'answer' in event && event.answer === 1)).toEqual([]);
    expect(fake.received.map(({ type }) => type)).toContain('response.cancel');
    expect(fake.errors).toEqual([]);
  });

  it('cancels a response that is not created yet as soon as it is', async () => {
    const { session, events, fake } = await open({ speech: [{ says: 'A very long story. '.repeat(20) }] });
    session.say(1, 'Go.');
    session.truncate(1, 0);
    session.say(2, 'Stop.');
    const read = await until(events, done);
    expect(read.filter((event) => 'answer' in event && event.answer !== 2)).toEqual([]);
    expect(fake.errors).toEqual([]);
  });

  it('gives calls that nobody waits for an end, so that the conversation stays whole', async () => {
    const { session, events, fake } = await open({ speech: [{ calls: [{ name: 'look_up', arguments: 'no JSON' }] }] });
    session.say(1, 'Go.');
    const call = (await until(events, done)).find((event) => event.type === 'tool-call');
    expect(call).toMatchObject({ call: { name: 'look_up', args: {} } });
    session.truncate(1, 0);
    await fake.until(() =>
      fake.received.some(({ item }) => (item as { type?: string })?.type === 'function_call_output'),
    );
    expect(fake.received.at(-1)).toMatchObject({ item: { output: 'stopped: the caller did not wait for it' } });
    expect(fake.errors).toEqual([]);
  });

  it('tells a new session what was said in the one before', async () => {
    const { session, events, fake } = await open(
      {},
      {
        history: [
          { role: 'assistant', text: 'Hello.' },
          { role: 'user', text: 'Hi.' },
          { role: 'user', text: '', rejected: true },
        ],
      },
    );
    session.say(1, 'Go.');
    await until(events, done);
    expect(fake.received.slice(1, 3)).toEqual([
      {
        type: 'conversation.item.create',
        item: { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello.' }] },
      },
      {
        type: 'conversation.item.create',
        item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi.' }] },
      },
    ]);
    expect(fake.errors).toEqual([]);
  });

  it('goes on after a turn too short for the vendor: nothing was understood of it', async () => {
    const { session, events } = await open();
    session.beginTurn(1);
    session.write({ samples: new Int16Array(FRAME_SAMPLES), atMs: 0 });
    session.answer(1);
    const read = await until(events, done);
    expect(read).toContainEqual({ type: 'caller-text', turn: 1, text: '', final: true });
    expect(read.at(-1)).toEqual({ type: 'answer-done', answer: 1, awaits: 'nothing' });
  });

  it('says that nothing was understood where the transcription fails', async () => {
    const { session, events, speech } = await open({ heard: '' });
    session.beginTurn(3);
    speak(session, speech);
    session.answer(1);
    const read = await until(events, (event) => event.type === 'caller-text' && event.final);
    expect(read.at(-1)).toEqual({ type: 'caller-text', turn: 3, text: '', final: true });
  });

  it('says how many tokens an answer took', async () => {
    const { session, events } = await open();
    session.say(1, 'Go.');
    expect(await until(events, done)).toContainEqual({ type: 'usage', inputTokens: 11, outputTokens: 7 });
  });
});

describe('failures', () => {
  it.each([
    [401, 'provider_auth'],
    [403, 'provider_auth'],
    [404, 'provider_rejected'],
    [429, 'provider_rate_limited'],
    [503, 'provider_unavailable'],
  ])('a connection refused with %i is %s', async (refusal, code) => {
    const { events } = await open({ refusal });
    await expect(events.next()).rejects.toMatchObject({ code });
  });

  it.each([
    ['server_error', 'provider_unavailable'],
    ['rate_limit_exceeded', 'provider_rate_limited'],
    ['insufficient_quota', 'provider_rate_limited'],
    ['invalid_request_error', 'provider_rejected'],
  ])('a response that failed with %s is %s, and the key is not quoted', async (fails, code) => {
    const { session, events } = await open({ speech: [{ fails }] });
    session.say(1, 'Go.');
    const failure = await until(events, done).catch((error: Error) => error);
    expect(failure).toMatchObject({ code });
    expect(String(failure)).not.toContain(FAKE_KEY);
  });

  it('is a failure when the vendor does not take the session', async () => {
    const { events } = await open({}, {}, 'nobody');
    await expect(events.next()).rejects.toMatchObject({ code: 'provider_rejected' });
  });

  it('is a failure when the vendor ends the session, whatever it says', async () => {
    const { session, events, fake } = await open();
    session.say(1, 'Go.');
    await until(events, done);
    fake.connections[0]?.send({ type: 'error', error: { type: 'invalid_request_error', code: 'session_expired' } });
    await expect(until(events, done)).rejects.toMatchObject({ code: 'provider_unavailable' });
    await fake.until(() => fake.open === 0);
  });

  it('is a failure when what comes is not JSON of theirs', async () => {
    const { events, fake } = await open();
    await fake.until(() => fake.received.length > 0);
    fake.connections[0]?.send('nonsense' as unknown as object);
    await expect(events.next()).rejects.toMatchObject({ code: 'provider_protocol' });
  });

  it('gives up a vendor that does not answer the connection', async () => {
    const { events, clock } = await open({ refusal: NO_ANSWER });
    const failing = expect(events.next()).rejects.toMatchObject({ code: 'provider_timeout' });
    await clock.advance(3_000);
    await failing;
  });

  it('counts sound that is too much before the connection is there', async () => {
    const { session, dropped } = await open();
    session.beginTurn(1);
    for (let i = 0; i < 510; i++) session.write({ samples: new Int16Array(FRAME_SAMPLES), atMs: i * 20 });
    expect(dropped.ms).toBe(200);
  });

  it('closes the connection at the vendor', async () => {
    const { session, fake } = await open();
    await fake.until(() => fake.received.length > 0);
    session.close();
    await fake.until(() => fake.open === 0);
  });
});
