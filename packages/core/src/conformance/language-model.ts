import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../json.js';
import type { LanguageModel, LanguageModelEvent, LanguageModelRequest } from '../language-model.js';
import { settle } from '../testing/virtual-clock.js';
import { endsByAbort, failsAsProvider } from './endings.js';

export interface LanguageModelSubject {
  readonly llm: LanguageModel;
  readonly request: LanguageModelRequest;
  /** Matches the whole text of the answer to `request`; must not match the empty text. */
  readonly expected: RegExp;
  close(): void | Promise<void>;
}

/** What not every engine can be brought to do. The cases of what is not declared are not generated. */
export interface LanguageModelCapabilities<S extends LanguageModelSubject = LanguageModelSubject> {
  /** How many requests have reached the provider. */
  readonly started?: (subject: S) => number;
  /** Memos the model's `expectations` must know how to read; `null`, the start of a call, is always tried. */
  readonly memos?: readonly Json[];
  /** A subject whose provider fails. */
  readonly makeFailing?: () => Promise<S>;
  readonly stalled?: Stalled<S>;
}

interface Stalled<S extends LanguageModelSubject> {
  /** A subject whose provider never gets to the end of its answer. */
  readonly make: () => Promise<S>;
  /** Resolves when the request is at the provider. */
  readonly reached: (subject: S) => Promise<void>;
  /** Resolves when the provider saw the request being ended. */
  readonly ended: (subject: S) => Promise<void>;
}

/** The promises of `LanguageModel`, for every implementation. */
export function languageModelConformance<S extends LanguageModelSubject>(
  name: string,
  makeSubject: () => Promise<S>,
  { started, memos, makeFailing, stalled }: LanguageModelCapabilities<S> = {},
): void {
  describe(`LanguageModel: ${name}`, () => {
    describe('answering', () => answering(useSubject(makeSubject)));
    describe('ending early', () => endingEarly(useSubject(makeSubject)));
    if (started !== undefined) describe('starting', () => starting(useSubject(makeSubject), started));
    if (memos !== undefined) describe('expecting', () => expecting(useSubject(makeSubject), [null, ...memos]));
    if (makeFailing !== undefined) describe('with a provider that fails', () => failing(useSubject(makeFailing)));
    if (stalled !== undefined)
      describe('with a provider that stalls', () => stalling(useSubject(stalled.make), stalled));
  });
}

function answering(subject: () => LanguageModelSubject): void {
  it('answers with text, in pieces that are not empty', async () => {
    const events = await collect(subject());
    expect(textOf(events)).toMatch(subject().expected);
    for (const event of events) if (event.type === 'text') expect(event.text).not.toBe('');
  });

  it('yields only events of the contract, in JSON where it says so', async () => {
    for (const event of await collect(subject())) {
      expect(['text', 'tool-call', 'memo', 'usage']).toContain(event.type);
      expect(JSON.parse(JSON.stringify(event))).toEqual(event);
      if (event.type === 'usage') expect(event.inputTokens + event.outputTokens).toBeGreaterThanOrEqual(0);
      if (event.type === 'tool-call') expect(event.call.id).not.toBe('');
    }
  });

  it('does not alter the request', async () => {
    const { llm, request } = subject();
    const frozen = deepFreeze(structuredClone(request));
    expect(textOf(await collect({ llm, request: frozen }))).toMatch(subject().expected);
  });

  it('gives each of two answers at once whole', async () => {
    const [one, other] = await Promise.all([collect(subject()), collect(subject())]);
    expect(textOf(one)).toMatch(subject().expected);
    expect(textOf(other)).toMatch(subject().expected);
  });

  it('stays at its end', async () => {
    const iterator = generate(subject(), new AbortController().signal);
    while (!(await iterator.next()).done);
    expect((await iterator.next()).done).toBe(true);
  });

  it('leaves no listener on the signal', async () => {
    const { signal } = new AbortController();
    const iterator = generate(subject(), signal);
    while (!(await iterator.next()).done);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
}

function endingEarly(subject: () => LanguageModelSubject): void {
  it('ends without another failure when the signal was aborted before', async () => {
    const signal = AbortSignal.abort(new Error('the caller hung up'));
    await endsByAbort(generate(subject(), signal), signal);
  });

  it('ends without another failure when the signal is aborted between generate and the first next', async () => {
    const abort = new AbortController();
    const iterator = generate(subject(), abort.signal);
    abort.abort(new Error('the caller hung up'));
    await endsByAbort(iterator, abort.signal);
  });

  it('ends without another failure when the signal is aborted after the first event', async () => {
    const abort = new AbortController();
    const iterator = generate(subject(), abort.signal);
    await iterator.next();
    abort.abort(new Error('the caller spoke'));
    await endsByAbort(iterator, abort.signal);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('ends when the reader stops reading', async () => {
    const { signal } = new AbortController();
    const iterator = generate(subject(), signal);
    await iterator.next();
    await iterator.return?.();
    expect((await iterator.next()).done).toBe(true);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
}

function starting<S extends LanguageModelSubject>(subject: () => S, started: (subject: S) => number): void {
  it('starts nothing before the first next', async () => {
    const iterator = generate(subject(), new AbortController().signal);
    await settle();
    expect(started(subject())).toBe(0);
    while (!(await iterator.next()).done);
    expect(started(subject())).toBe(1);
  });

  it('starts nothing at all when the signal was aborted before', async () => {
    const signal = AbortSignal.abort();
    await endsByAbort(generate(subject(), signal), signal);
    expect(started(subject())).toBe(0);
  });
}

function expecting(subject: () => LanguageModelSubject, memos: readonly Json[]): void {
  it.each(memos.map((memo) => ({ memo })))('tells what to expect with $memo, the same each time', ({ memo }) => {
    const { llm } = subject();
    const hints = llm.expectations?.(memo);
    expect(hints).toBeDefined();
    expect(['phrases', 'digits', 'yes_no']).toContain(hints?.kind);
    expect(llm.expectations?.(memo)).toEqual(hints);
  });
}

function failing(subject: () => LanguageModelSubject): void {
  it('throws a RapidaError with a provider code, then stays at its end', async () => {
    const { signal } = new AbortController();
    const iterator = generate(subject(), signal);
    await failsAsProvider(iterator);
    expect((await iterator.next()).done).toBe(true);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
}

function stalling<S extends LanguageModelSubject>(subject: () => S, { reached, ended }: Stalled<S>): void {
  it('ends at once when the signal is aborted, at the provider too', async () => {
    const abort = new AbortController();
    const ending = endsByAbort(generate(subject(), abort.signal), abort.signal);
    await reached(subject());
    abort.abort(new Error('the caller spoke'));
    await ending;
    await ended(subject());
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });
}

function useSubject<S extends LanguageModelSubject>(make: () => Promise<S>): () => S {
  let subject: S | undefined;
  beforeEach(async () => {
    subject = await make();
  });
  afterEach(async () => {
    await subject?.close();
    subject = undefined;
  });
  return () => subject!;
}

function generate({ llm, request }: Pick<LanguageModelSubject, 'llm' | 'request'>, signal: AbortSignal) {
  return llm.generate(request, signal)[Symbol.asyncIterator]();
}

async function collect(subject: Pick<LanguageModelSubject, 'llm' | 'request'>): Promise<LanguageModelEvent[]> {
  const events: LanguageModelEvent[] = [];
  for await (const event of subject.llm.generate(subject.request, new AbortController().signal)) events.push(event);
  return events;
}

function textOf(events: readonly LanguageModelEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
