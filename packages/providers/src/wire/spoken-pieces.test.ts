import { getEventListeners } from 'node:events';
import { RapidaError, type SpeechEvent } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { type PieceSound, type PieceVoice, speakPieces } from './spoken-pieces.js';

const SOUND: PieceSound = { type: 'audio', samples: new Int16Array(160) };
const WORDS: PieceSound = { type: 'words', words: [{ text: 'One', startMs: 0, endMs: 10 }] };

async function* these<T>(...values: readonly T[]): AsyncGenerator<T, void> {
  yield* values;
}

/** A voice that says how it was used. `answer` gives the sound of each piece; one that is asked for is noted in `asked`. */
class NotingVoice implements PieceVoice {
  readonly asked: string[] = [];
  closed = 0;
  signal: AbortSignal | undefined;
  readonly #answer: (text: string) => AsyncIterable<PieceSound>;

  constructor(answer: (text: string) => AsyncIterable<PieceSound> = () => these(SOUND)) {
    this.#answer = answer;
  }

  async request(text: string, signal: AbortSignal): Promise<AsyncIterable<PieceSound>> {
    this.asked.push(text);
    this.signal = signal;
    return this.#answer(text);
  }

  close(): void {
    this.closed++;
  }
}

function speaking(
  voice: PieceVoice,
  pieces: AsyncIterable<string>,
  signal = new AbortController().signal,
): AsyncGenerator<SpeechEvent, void, undefined> {
  return speakPieces(pieces, signal, () => voice);
}

async function outlineOf(events: AsyncIterable<SpeechEvent>): Promise<string[]> {
  const lines: string[] = [];
  for await (const event of events) lines.push(`${event.type} ${event.piece}`);
  return lines;
}

describe('pieces', () => {
  it('are spoken in order, each with what came of it and one end', async () => {
    const voice = new NotingVoice((text) => these<PieceSound>(...(text === 'One.' ? [WORDS, SOUND] : [SOUND])));
    expect(await outlineOf(speaking(voice, these('One.', 'Two.')))).toEqual([
      ...['words 0', 'audio 0', 'piece-end 0'],
      ...['audio 1', 'piece-end 1'],
    ]);
    expect(voice.closed).toBe(1);
  });

  it('are asked for one ahead at most', async () => {
    const voice = new NotingVoice();
    const events = speaking(voice, these('One.', 'Two.', 'Three.'));
    await events.next();
    await settle();
    expect(voice.asked).toEqual(['One.', 'Two.']);
    await events.return(undefined);
  });

  it('are not asked for without a letter or a digit, in any script', async () => {
    const voice = new NotingVoice();
    const outline = await outlineOf(speaking(voice, these('', ' - ', '你好', '…', '7')));
    expect(voice.asked).toEqual(['你好', '7']);
    expect(outline.filter((line) => line.startsWith('piece-end')).length).toBe(5);
  });
});

describe('the voice', () => {
  it('is opened at the first next, and closed once when the reader stops', async () => {
    const voice = new NotingVoice();
    let opened = 0;
    const events = speakPieces(these('One.'), new AbortController().signal, () => {
      opened++;
      return voice;
    });
    await settle();
    expect(opened).toBe(0);
    await events.next();
    await events.return(undefined);
    expect([opened, voice.closed, voice.signal?.aborted]).toEqual([1, 1, true]);
  });

  it('is not opened when there is nothing to do any more', async () => {
    const events = speakPieces(these('One.'), AbortSignal.abort(), () => {
      throw new Error('opened');
    });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it('that cannot be opened fails the speaking, which leaves nothing behind', async () => {
    const { signal } = new AbortController();
    const events = speakPieces(these('One.'), signal, () => {
      throw new RapidaError('provider_unconfigured');
    });
    await expect(events.next()).rejects.toMatchObject({ code: 'provider_unconfigured' });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('ending', () => {
  it('comes at once by the signal while text is awaited that never comes', async () => {
    const abort = new AbortController();
    let returns = 0;
    const never: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: () => {
          returns++;
          return new Promise(() => {});
        },
      }),
    };
    const voice = new NotingVoice();
    const next = speaking(voice, never, abort.signal).next();
    await settle();
    abort.abort(new Error('the caller spoke'));
    expect((await next).done).toBe(true);
    expect([returns, voice.closed]).toEqual([1, 1]);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('comes at once by the signal while a request is answered by nobody', async () => {
    const abort = new AbortController();
    const voice: PieceVoice = { request: () => new Promise(() => {}) };
    const next = speaking(voice, these('One.'), abort.signal).next();
    await settle();
    abort.abort();
    expect((await next).done).toBe(true);
  });

  it('hides a failure that the signal has made', async () => {
    const abort = new AbortController();
    const voice = new NotingVoice(async function* () {
      yield SOUND;
      throw new RapidaError('provider_unavailable');
    });
    const events = speaking(voice, these('One.'), abort.signal);
    await events.next();
    abort.abort();
    expect((await events.next()).done).toBe(true);
  });

  it('of the text itself by a failure is a failure after what came before', async () => {
    async function* broken() {
      yield 'One.';
      throw new Error('the model broke');
    }
    const events = speaking(new NotingVoice(), broken());
    expect((await events.next()).value).toMatchObject({ type: 'audio' });
    expect((await events.next()).value).toMatchObject({ type: 'piece-end' });
    await expect(events.next()).rejects.toThrow('the model broke');
  });
});
