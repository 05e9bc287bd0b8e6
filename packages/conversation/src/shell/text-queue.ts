/** Pieces of text on their way to a voice: written by steps, pulled by the provider. Bounded by what one reply can hold. */
export class TextQueue implements AsyncIterable<string> {
  readonly #waiting: string[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  push(text: string): void {
    if (this.#ended) return;
    this.#waiting.push(text);
    this.#wake?.();
  }

  /** Idempotent. What is waiting is still delivered. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) yield next;
      else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
    }
  }
}
