import { linkedAbort, type SpeechEvent, type SpokenWord } from '@rapida/core';

/** What comes of one piece: sound of 16 kHz that the receiver owns, and words in ms from the piece's start. */
export type PieceSound =
  | { readonly type: 'audio'; readonly samples: Int16Array }
  | { readonly type: 'words'; readonly words: readonly SpokenWord[] };

/** A vendor as one `speak` uses it, piece by piece. */
export interface PieceVoice {
  /**
   * Asks for the sound of one piece and resolves when it begins to come; what is resolved is read once, to its end or until it is
   * let go. `signal` ends both at once, at the vendor too. A rejection is thrown when the pieces before have been spoken.
   */
  request(text: string, signal: AbortSignal): Promise<AsyncIterable<PieceSound>>;
  /** Once, when the speaking is over for whatever reason and `signal` is aborted. */
  close?(): void;
}

/**
 * One request per piece. While a piece is read the next one's request is made, one ahead at most; without letters or digits it is not
 * made, and the piece has only its `piece-end`. `open` is called at the first `next()`, unless there is nothing to do any more.
 */
export async function* speakPieces(
  pieces: AsyncIterable<string>,
  signal: AbortSignal,
  open: () => PieceVoice,
): AsyncGenerator<SpeechEvent, void, undefined> {
  if (signal.aborted) return;
  const { controller, unlink } = linkedAbort(signal);
  const source = new PieceSource(pieces);
  let onAbort = () => {};
  const aborted = new Promise<'aborted'>((resolve) => {
    onAbort = () => resolve('aborted');
  });
  controller.signal.addEventListener('abort', onAbort, { once: true });
  let voice: PieceVoice | undefined;
  try {
    voice = open();
    let ahead = requestNext(voice, source, controller.signal);
    for (let piece = 0; ; piece++) {
      const sound = await Promise.race([ahead, aborted]);
      if (sound === 'aborted' || sound === 'end') return;
      ahead = requestNext(voice, source, controller.signal);
      if (sound !== 'silent') for await (const event of sound) yield { ...event, piece };
      yield { type: 'piece-end', piece };
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    unlink();
    controller.abort(new DOMException('over', 'AbortError'));
    source.letGo();
    voice?.close?.();
  }
}

type NextSound = AsyncIterable<PieceSound> | 'silent' | 'end';

function requestNext(voice: PieceVoice, source: PieceSource, signal: AbortSignal): Promise<NextSound> {
  const request = (async () => {
    const text = await source.next();
    if (text === undefined) return 'end';
    if (signal.aborted || !isSpeakable(text)) return 'silent';
    return await voice.request(text, signal);
  })();
  // It is awaited after the piece before it; when that one fails, nobody asks for this one.
  request.catch(() => {});
  return request;
}

/** Vendors refuse text without anything to say, or make a noise of it. */
function isSpeakable(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** The text to say, let go of at most once, and never after its end. */
class PieceSource {
  readonly #iterator: AsyncIterator<string>;
  #isOver = false;

  constructor(pieces: AsyncIterable<string>) {
    this.#iterator = pieces[Symbol.asyncIterator]();
  }

  /** Undefined at the end. */
  async next(): Promise<string | undefined> {
    if (this.#isOver) return undefined;
    try {
      const result = await this.#iterator.next();
      if (!result.done) return result.value;
    } catch (error) {
      this.#isOver = true;
      throw error;
    }
    this.#isOver = true;
    return undefined;
  }

  /** Not awaited: text that waits for something itself returns when it can. */
  letGo(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#iterator.return?.().then(undefined, () => {});
  }
}
