import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AudioFrame } from '../frame.js';
import { FRAME_MS, FRAME_SAMPLES } from '../frame.js';
import type { ToolDefinition } from '../language-model.js';
import type { RealtimeEvent, RealtimeModel, RealtimeOptions, RealtimeSession } from '../realtime-model.js';
import { endsByAbort, failsAsProvider } from './endings.js';

export interface RealtimeSubject {
  readonly realtime: RealtimeModel;
  readonly speech: Int16Array;
  /** Matches what is understood of `speech`; must not match the empty text. */
  readonly heard: RegExp;
  /** Matches the text of an answer to it; must not match the empty text. */
  readonly expected: RegExp;
  close(): void | Promise<void>;
}

export interface RealtimeCapabilities<S extends RealtimeSubject = RealtimeSubject> {
  /** A subject that calls {@link REALTIME_TOOL} before it says what `expected` matches. */
  readonly makeCalling?: () => Promise<S>;
  /** A subject whose provider fails. */
  readonly makeFailing?: () => Promise<S>;
  /** A subject whose provider never answers. */
  readonly makeStalled?: () => Promise<S>;
}

export const REALTIME_TOOL: ToolDefinition = {
  name: 'look_up',
  description: 'Looks something up.',
  parameters: { type: 'object', properties: { what: { type: 'string' } }, required: ['what'] },
};

const OPTIONS: RealtimeOptions = {
  instructions: 'Be kind to {{caller}}.',
  variables: { caller: 'Ada' },
  language: 'en-US',
  lineRateHz: 8000,
  tools: [REALTIME_TOOL],
  history: [],
};

type Promised = (subject: RealtimeSubject) => Promise<void>;
type Promises = Readonly<Record<string, Promised>>;

/** The promises of `RealtimeModel`, for every implementation. */
export function realtimeModelConformance<S extends RealtimeSubject>(
  name: string,
  makeSubject: () => Promise<S>,
  { makeCalling, makeFailing, makeStalled }: RealtimeCapabilities<S> = {},
): void {
  describe(`RealtimeModel: ${name}`, () => {
    describe('talking', () => keep(talking, makeSubject));
    describe('closing', () => keep(closing, makeSubject));
    if (makeCalling !== undefined) describe('calling tools', () => keep(calling, makeCalling));
    if (makeFailing !== undefined) describe('with a provider that fails', () => keep(failing, makeFailing));
    if (makeStalled !== undefined) describe('with a provider that stalls', () => keep(stalling, makeStalled));
  });
}

function keep(promises: Promises, make: () => Promise<RealtimeSubject>): void {
  let subject: RealtimeSubject | undefined;
  beforeEach(async () => {
    subject = await make();
  });
  afterEach(async () => {
    await subject?.close();
    subject = undefined;
  });
  for (const [name, promised] of Object.entries(promises)) it(name, () => promised(subject!));
}

const talking: Promises = {
  'answers a turn with sound and its text, and says once that the answer is done': async (subject) => {
    const talk = new Talk(subject);
    talk.ask(1, 1);
    const events = await talk.until(done(1));
    expect(soundOf(events, 1)).toBeGreaterThan(0);
    expect(textOf(events, 1)).toMatch(subject.expected);
    expect(events.filter((event) => 'answer' in event && event.answer !== 1)).toEqual([]);
    expect(events.at(-1)).toEqual({ type: 'answer-done', answer: 1, awaits: 'nothing' });
    talk.session.close();
  },

  'yields only events of the contract': async (subject) => {
    const talk = new Talk(subject);
    talk.ask(1, 1);
    for (const event of await talk.until(done(1))) {
      expect(['audio', 'text', 'tool-call', 'answer-done', 'caller-text', 'usage']).toContain(event.type);
      if (event.type === 'audio') expect(event.samples.length).toBeGreaterThan(0);
      if (event.type === 'text') expect(event.text).not.toBe('');
    }
    talk.session.close();
  },

  'tells what it understood of each turn, finally once, by the number of the turn': async (subject) => {
    const talk = new Talk(subject);
    talk.ask(1, 1);
    await talk.until(both(done(1), finalOf(1)));
    talk.ask(4, 2);
    await talk.until(both(done(2), finalOf(4)));
    const finals = talk.seen.flatMap((event) => (event.type === 'caller-text' && event.final ? [event] : []));
    expect(finals.map(({ turn }) => turn)).toEqual([1, 4]);
    for (const { text } of finals) expect(text).toMatch(subject.heard);
    talk.session.close();
  },

  'gives each answer the number it was asked for with': async (subject) => {
    const talk = new Talk(subject);
    talk.ask(1, 3);
    await talk.until(done(3));
    talk.ask(2, 7);
    const events = await talk.until(done(7));
    expect(textOf(events, 7)).toMatch(subject.expected);
    expect(soundOf(talk.seen, 3)).toBeGreaterThan(0);
    expect(soundOf(events, 3)).toBe(0);
    talk.session.close();
  },

  'says a text': async (subject) => {
    const talk = new Talk(subject);
    talk.session.say(1, 'Are you still there?');
    const events = await talk.until(done(1));
    expect(soundOf(events, 1)).toBeGreaterThan(0);
    talk.session.close();
  },

  'answers what it was told, without a word of the caller': async (subject) => {
    const talk = new Talk(subject);
    talk.session.remember('Which number do you want?');
    talk.session.tell('[keys] 123');
    talk.session.answer(1);
    const events = await talk.until(done(1));
    expect(soundOf(events, 1)).toBeGreaterThan(0);
    talk.session.close();
  },

  'gives nothing more of an answer that was truncated, and the next one whole': async (subject) => {
    const talk = new Talk(subject);
    talk.ask(1, 1);
    await talk.until((event) => event.type === 'audio');
    talk.session.truncate(1, 20);
    talk.ask(2, 2);
    // What was waiting to be read when it was stopped is let go as well.
    const after = await talk.until(done(2));
    expect(after.filter((event) => 'answer' in event && event.answer === 1)).toEqual([]);
    expect(textOf(after, 2)).toMatch(subject.expected);
    talk.session.close();
  },

  'goes on after an answer that was truncated before any of it came': async (subject) => {
    const talk = new Talk(subject);
    talk.ask(1, 1);
    talk.session.truncate(1, 0);
    talk.ask(2, 2);
    const events = await talk.until(done(2));
    expect(events.filter((event) => 'answer' in event && event.answer === 1)).toEqual([]);
    expect(textOf(events, 2)).toMatch(subject.expected);
    talk.session.close();
  },

  'knows what was said in a session before it': async (subject) => {
    const history = [
      { role: 'assistant', text: 'Good morning.' },
      { role: 'user', text: 'Hello.' },
      { role: 'assistant', text: 'How can', interrupted: true },
    ] as const;
    const talk = new Talk(subject, { ...OPTIONS, history });
    talk.ask(1, 1);
    expect(textOf(await talk.until(done(1)), 1)).toMatch(subject.expected);
    talk.session.close();
  },
};

const closing: Promises = {
  'ends the iterator when it is closed, also twice': async (subject) => {
    const talk = new Talk(subject);
    const next = talk.iterator.next();
    talk.session.close();
    talk.session.close();
    expect((await next).done).toBe(true);
    expect((await talk.iterator.next()).done).toBe(true);
  },

  'takes everything as nothing once it is closed': async (subject) => {
    const talk = new Talk(subject);
    talk.session.close();
    talk.useAll();
    expect((await talk.iterator.next()).done).toBe(true);
  },

  'ends without a failure when the signal was aborted before': async (subject) => {
    const signal = AbortSignal.abort(new Error('hung up'));
    const talk = new Talk(subject, OPTIONS, signal);
    talk.useAll();
    await endsByAbort(talk.iterator, signal);
    talk.session.close();
  },

  'ends without a failure when the signal is aborted in an answer': async (subject) => {
    const abort = new AbortController();
    const talk = new Talk(subject, OPTIONS, abort.signal);
    talk.ask(1, 1);
    await talk.until((event) => event.type === 'audio');
    abort.abort(new Error('hung up'));
    await endsByAbort(talk.iterator, abort.signal);
  },

  'ends when the reader stops reading, and leaves no listener on the signal': async (subject) => {
    const { signal } = new AbortController();
    const talk = new Talk(subject, OPTIONS, signal);
    talk.ask(1, 1);
    await talk.until(done(1));
    await talk.iterator.return?.();
    expect((await talk.iterator.next()).done).toBe(true);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  },

  'takes more sound before it is connected than it keeps': async (subject) => {
    const talk = new Talk(subject);
    talk.session.beginTurn(1);
    for (let i = 0; i < MINUTES_OF_FRAMES; i++) talk.session.write({ samples: SILENCE, atMs: i * FRAME_MS });
    talk.session.close();
    expect((await talk.iterator.next()).done).toBe(true);
  },
};

const calling: Promises = {
  'calls a tool, and goes on with the same answer when it has the result': async (subject) => {
    const talk = new Talk(subject);
    talk.ask(1, 1);
    const first = await talk.until(done(1));
    const calls = first.flatMap((event) => (event.type === 'tool-call' ? [event.call] : []));
    expect(calls).toEqual([{ id: expect.stringMatching(/./), name: REALTIME_TOOL.name, args: { what: 'hours' } }]);
    expect(first.at(-1)).toEqual({ type: 'answer-done', answer: 1, awaits: 'tools' });
    for (const call of calls) talk.session.toolResult(1, call, 'from nine to five');
    const second = await talk.until(done(1));
    expect(textOf(second, 1)).toMatch(subject.expected);
    expect(second.at(-1)).toEqual({ type: 'answer-done', answer: 1, awaits: 'nothing' });
    talk.session.close();
  },

  'gives up an answer that waits for a result when it is truncated': async (subject) => {
    const talk = new Talk(subject);
    talk.ask(1, 1);
    const first = await talk.until(done(1));
    talk.session.truncate(1, 0);
    for (const event of first) if (event.type === 'tool-call') talk.session.toolResult(1, event.call, 'too late');
    talk.session.say(2, 'Are you still there?');
    const after = await talk.until(done(2));
    expect(after.filter((event) => 'answer' in event && event.answer === 1)).toEqual([]);
    expect(soundOf(after, 2)).toBeGreaterThan(0);
    talk.session.close();
  },
};

const failing: Promises = {
  'throws a RapidaError with a provider code, and stays harmless after it': async (subject) => {
    const { signal } = new AbortController();
    const talk = new Talk(subject, OPTIONS, signal);
    talk.ask(1, 1);
    await failsAsProvider(talk.iterator);
    expect((await talk.iterator.next()).done).toBe(true);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    talk.useAll();
    talk.session.close();
  },
};

const stalling: Promises = {
  'ends at once when it is closed': async (subject) => {
    const talk = new Talk(subject);
    talk.ask(1, 1);
    const rest = talk.rest();
    talk.session.close();
    await rest;
  },

  'ends at once when the signal is aborted': async (subject) => {
    const abort = new AbortController();
    const talk = new Talk(subject, OPTIONS, abort.signal);
    talk.ask(1, 1);
    const ending = endsByAbort(talk.iterator, abort.signal);
    abort.abort(new Error('hung up'));
    await ending;
  },
};

/** Every promise by its name, to show that one is missed by an engine that breaks it. */
export const REALTIME_PROMISES = { ...talking, ...closing, ...calling, ...failing, ...stalling } as Promises;

const MINUTES_OF_FRAMES = 6_000;
const SILENCE = new Int16Array(FRAME_SAMPLES);

class Talk {
  readonly session: RealtimeSession;
  readonly iterator: AsyncIterator<RealtimeEvent>;
  readonly seen: RealtimeEvent[] = [];
  readonly #speech: Int16Array;

  constructor(subject: RealtimeSubject, options = OPTIONS, signal: AbortSignal = new AbortController().signal) {
    this.#speech = subject.speech;
    this.session = subject.realtime.open(options, signal);
    this.iterator = this.session[Symbol.asyncIterator]();
  }

  /** The caller speaks, and is to be answered. */
  ask(turn: number, answer: number): void {
    this.session.beginTurn(turn);
    for (let start = 0; start < this.#speech.length; start += FRAME_SAMPLES) {
      const samples = new Int16Array(FRAME_SAMPLES);
      samples.set(this.#speech.subarray(start, start + FRAME_SAMPLES));
      const frame: AudioFrame = { samples, atMs: (start / FRAME_SAMPLES) * FRAME_MS };
      this.session.write(frame);
    }
    this.session.answer(answer);
  }

  /** Reads up to the event that `last` is true for. */
  async until(last: (event: RealtimeEvent) => boolean): Promise<RealtimeEvent[]> {
    const read: RealtimeEvent[] = [];
    for (;;) {
      const { done: over, value } = await this.iterator.next();
      if (over) throw new Error(`the session ended after ${JSON.stringify(read.map(({ type }) => type))}`);
      read.push(value);
      this.seen.push(value);
      if (last(value)) return read;
    }
  }

  async rest(): Promise<void> {
    while (!(await this.iterator.next()).done);
  }

  useAll(): void {
    const call = { id: 'x', name: REALTIME_TOOL.name, args: {} };
    this.ask(90, 90);
    this.session.tell('[keys] 1');
    this.session.remember('Hello.');
    this.session.say(91, 'Hello.');
    this.session.toolResult(91, call, 'nothing');
    this.session.truncate(91, 0);
  }
}

function done(answer: number): (event: RealtimeEvent) => boolean {
  return (event) => event.type === 'answer-done' && event.answer === answer;
}

function finalOf(turn: number): (event: RealtimeEvent) => boolean {
  return (event) => event.type === 'caller-text' && event.final && event.turn === turn;
}

/** True for whichever comes last. */
function both(...wanted: readonly ((event: RealtimeEvent) => boolean)[]): (event: RealtimeEvent) => boolean {
  const left = new Set(wanted);
  return (event) => {
    for (const one of left) if (one(event)) left.delete(one);
    return left.size === 0;
  };
}

function textOf(events: readonly RealtimeEvent[], answer: number): string {
  return events.map((event) => (event.type === 'text' && event.answer === answer ? event.text : '')).join('');
}

function soundOf(events: readonly RealtimeEvent[], answer: number): number {
  return events.reduce(
    (sum, event) => sum + (event.type === 'audio' && event.answer === answer ? event.samples.length : 0),
    0,
  );
}
