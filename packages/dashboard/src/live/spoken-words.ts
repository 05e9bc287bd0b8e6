import type { LiveEvent } from '@rapida/client';

/** What one side said last in a call, or is saying. */
export interface SpokenWords {
  readonly who: 'caller' | 'assistant';
  readonly text: string;
  /** What the caller says may still be understood otherwise. */
  readonly partial: boolean;
}

export interface SpokenLine extends SpokenWords {
  /** What comes next of the same side belongs to it. */
  readonly isOpen: boolean;
}

/** The question and its answer: the answer comes a moment after the question is understood, and nobody reads that fast. */
const LINES_MAX = 2;
/** Of one answer, however long it is: its end. */
export const LINE_CHARS_MAX = 400;

const NOTHING: readonly SpokenLine[] = [];

/** The last words of a call after an event, the newest at the end; the same list where it says nothing about words. */
export function linesAfter(lines: readonly SpokenLine[], { type, data }: LiveEvent): readonly SpokenLine[] {
  const last = lines.at(-1);
  const text = typeof data.text === 'string' ? data.text : '';
  switch (type) {
    case 'caller.partial':
    case 'caller.said': {
      const partial = type === 'caller.partial';
      const said: SpokenLine = { who: 'caller', text, partial, isOpen: partial };
      return last?.who === 'caller' && last.isOpen ? [...lines.slice(0, -1), said] : added(lines, said);
    }
    case 'assistant.saying':
      // An answer is told sentence by sentence, as fast as the voice takes them.
      if (last?.who === 'assistant' && last.isOpen) return [...lines.slice(0, -1), joined(last, text)];
      return added(lines, { who: 'assistant', text, partial: false, isOpen: true });
    case 'turn':
      return data.role === 'assistant'
        ? lines.map((line) => (isAnswering(line) ? { ...line, isOpen: false } : line))
        : lines;
    default:
      return lines;
  }
}

function added(lines: readonly SpokenLine[], line: SpokenLine): readonly SpokenLine[] {
  return [...lines, line].slice(-LINES_MAX);
}

function joined(line: SpokenLine, text: string): SpokenLine {
  return { ...line, text: `${line.text} ${text}`.slice(-LINE_CHARS_MAX) };
}

function isAnswering({ who, isOpen }: SpokenLine): boolean {
  return who === 'assistant' && isOpen;
}

/** Calls whose words are kept: what is said in others shows when somebody speaks there again. */
export const CALLS_MAX = 2_000;

/** The last words of each call. */
export class Spoken {
  readonly #calls = new Map<string, readonly SpokenLine[]>();

  /** The same list as long as nothing is said. */
  of(callId: string): readonly SpokenLine[] {
    return this.#calls.get(callId) ?? NOTHING;
  }

  /** Whether anything is said otherwise than before. */
  tell(event: LiveEvent): boolean {
    const { callId, type } = event;
    if (type === 'call.ended' || type === 'call.failed') return this.#calls.delete(callId);
    const before = this.of(callId);
    const after = linesAfter(before, event);
    if (after === before) return false;
    // Told anew is kept longest.
    this.#calls.delete(callId);
    this.#calls.set(callId, after);
    const oldest = this.#calls.keys().next();
    if (this.#calls.size > CALLS_MAX && oldest.done === false) this.#calls.delete(oldest.value);
    return true;
  }

  /** What was said while nobody told is not known. */
  forget(): void {
    this.#calls.clear();
  }
}
