import { NO_HINTS } from '@rapida/core';
import type { PhraseGrammar } from './grammar.js';
import type { Recogniser } from './recogniser.js';
import { Segment } from './segment.js';
import type { FromRecogniser, ToRecogniser } from './stt-messages.js';

interface Session {
  segment: Segment | undefined;
  /** Of the running segment, fixed when it began; hints given meanwhile are for the next one. */
  grammar: PhraseGrammar;
  nextGrammar: PhraseGrammar;
  guessAtMs: number;
  lastGuess: string;
}

type Job =
  | { readonly stream: number; readonly segment: Segment | undefined; readonly grammar: PhraseGrammar }
  | { readonly request: number; readonly words: readonly string[] };

/** Guesses begin here and come at growing distances, so that all of them together cost less than two finals. */
const FIRST_GUESS_MS = 500;
const GUESS_DISTANCE_MS = 400;
const GUESS_GROWTH = 1.5;

/**
 * The streams of one recogniser thread. Taking a message is cheap; the work it asks for is done by `work`, one piece per
 * call, so that the thread can take what arrived meanwhile in between. Finals go before guesses.
 */
export class SttSessions {
  readonly #recogniser: Recogniser;
  readonly #post: (message: FromRecogniser) => void;
  readonly #sessions = new Map<number, Session>();
  readonly #jobs: Job[] = [];

  constructor(recogniser: Recogniser, post: (message: FromRecogniser) => void) {
    this.#recogniser = recogniser;
    this.#post = post;
  }

  take(message: ToRecogniser): void {
    if (message.type === 'words') {
      this.#jobs.push(message);
      return;
    }
    if (message.type === 'close') {
      this.#sessions.delete(message.stream);
      return;
    }
    const session = this.#session(message.stream);
    if (message.type === 'audio') this.#append(message.stream, session, message.samples);
    else if (message.type === 'expect') session.nextGrammar = this.#recogniser.grammar(message.hints);
    else {
      const { segment, grammar } = session;
      session.segment = undefined;
      if (message.type === 'end') this.#jobs.push({ stream: message.stream, segment, grammar });
    }
  }

  /** Does one piece of waiting work. False when there was none. */
  work(): boolean {
    const job = this.#jobs.shift();
    if (job === undefined) return this.#guess();
    if ('request' in job) {
      const unknown = job.words.filter((word) => !this.#recogniser.isKnownWord(word));
      this.#post({ type: 'unknown-words', request: job.request, words: unknown });
    } else if (this.#sessions.has(job.stream)) {
      const result = job.segment
        ? this.#recogniser.recognise(job.segment.samples(), job.grammar)
        : { text: '', rejected: false };
      this.#post({ type: 'final', stream: job.stream, ...result });
    }
    return true;
  }

  #session(stream: number): Session {
    let session = this.#sessions.get(stream);
    if (session === undefined) {
      const grammar = this.#recogniser.grammar(NO_HINTS);
      session = { segment: undefined, grammar, nextGrammar: grammar, guessAtMs: 0, lastGuess: '' };
      this.#sessions.set(stream, session);
    }
    return session;
  }

  #append(stream: number, session: Session, samples: Int16Array): void {
    if (session.segment === undefined) {
      session.segment = new Segment();
      session.grammar = session.nextGrammar;
      session.guessAtMs = FIRST_GUESS_MS;
      session.lastGuess = '';
    }
    const ms = session.segment.append(samples);
    this.#post({ type: 'taken', stream });
    if (ms > 0) this.#post({ type: 'dropped', stream, ms });
  }

  /** A partial for the first stream that is due for one. */
  #guess(): boolean {
    for (const [stream, session] of this.#sessions) {
      const { segment } = session;
      if (segment === undefined || segment.ms < session.guessAtMs) continue;
      session.guessAtMs = Math.max(segment.ms + GUESS_DISTANCE_MS, segment.ms * GUESS_GROWTH);
      const text = this.#recogniser.guess(segment.samples(), session.grammar);
      if (text !== '' && text !== session.lastGuess) this.#post({ type: 'partial', stream, text });
      session.lastGuess = text;
      return true;
    }
    return false;
  }
}
