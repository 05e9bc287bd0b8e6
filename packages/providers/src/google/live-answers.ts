/** An answer that was asked for and that the vendor has not closed. */
export interface LiveAnswer {
  readonly id: number;
  /** The turn it answers. */
  readonly turn: number | undefined;
  isWanted: boolean;
  /** Something of it has come. */
  isBegun: boolean;
  /** Calls without a result. */
  readonly openCalls: Set<string>;
  readonly results: { readonly id: string; readonly name: string; readonly result: string }[];
}

/**
 * Whose what comes is. The vendor numbers nothing: answers come in the order in which they were asked for, and each is closed by
 * `turnComplete` - one that was interrupted by `interrupted`, then `turnComplete`, if it had begun.
 */
export class LiveAnswers {
  readonly #asked: LiveAnswer[] = [];
  #completionOwed = false;

  ask(id: number, turn: number | undefined): void {
    // Of one that had not begun when it was stopped nothing comes, also no end.
    const stale = this.#asked.findIndex(({ isWanted, isBegun }) => !isWanted && !isBegun);
    if (stale >= 0) this.#asked.splice(stale, 1);
    this.#asked.push({ id, turn, isWanted: true, isBegun: false, openCalls: new Set(), results: [] });
  }

  get isIdle(): boolean {
    return this.#asked.length === 0;
  }

  get current(): LiveAnswer | undefined {
    return this.#asked[0];
  }

  /** The answer to which content belongs that comes now. */
  begun(): LiveAnswer | undefined {
    const current = this.#asked[0];
    if (current !== undefined) current.isBegun = true;
    this.#completionOwed = false;
    return current;
  }

  find(id: number): LiveAnswer | undefined {
    return this.#asked.find((one) => one.id === id);
  }

  stop(id: number): void {
    const stopped = this.find(id);
    if (stopped === undefined) return;
    stopped.isWanted = false;
    stopped.openCalls.clear();
    stopped.results.length = 0;
  }

  /** The answer that is closed by what the server says, if one is. One that waits for results goes on. */
  close({
    interrupted,
    turnComplete,
  }: {
    readonly interrupted: boolean;
    readonly turnComplete: boolean;
  }): LiveAnswer | undefined {
    if (interrupted) {
      this.#completionOwed = !turnComplete;
      return this.#asked[0]?.isBegun === true ? this.#asked.shift() : undefined;
    }
    if (!turnComplete) return undefined;
    if (this.#completionOwed) {
      this.#completionOwed = false;
      return undefined;
    }
    const current = this.#asked[0];
    if (current === undefined || current.openCalls.size > 0) return undefined;
    return this.#asked.shift();
  }
}
