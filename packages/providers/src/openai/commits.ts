export interface CommitsListener {
  /** So far, of the oldest commit. */
  onPartial(text: string): void;
  /** The whole text of the oldest commit, which is forgotten with it. */
  onDone(text: string): void;
}

interface Commit {
  readonly eventId: string;
  /** Known from `committed` on. */
  itemId: string | undefined;
  text: string;
  isDone: boolean;
}

const ITEM_CHARACTERS_MAX = 100_000;

/**
 * The commits of a session, oldest first. The vendor names their items in order, but their texts may complete in another: they are told
 * in the order of the commits. How many there are is bounded by who commits (`SEGMENTS_OPEN_MAX`).
 */
export class Commits {
  readonly #listener: CommitsListener;
  readonly #commits: Commit[] = [];
  #made = 0;
  /** Models that stream speak about an item before it is committed. */
  #running: { readonly itemId: string; text: string } | undefined;

  constructor(listener: CommitsListener) {
    this.#listener = listener;
  }

  /** A commit is being sent; with this `event_id`. */
  add(): string {
    const eventId = `commit-${++this.#made}`;
    this.#commits.push({ eventId, itemId: undefined, text: '', isDone: false });
    return eventId;
  }

  /** Nothing was committed, in its place: it is done when those before it are. */
  addEmpty(): void {
    this.#commits.push({ eventId: '', itemId: undefined, text: '', isDone: true });
    this.#settle();
  }

  named(itemId: unknown): void {
    const commit = this.#commits.find((each) => each.itemId === undefined && !each.isDone);
    if (commit === undefined || typeof itemId !== 'string') return;
    commit.itemId = itemId;
    if (this.#running?.itemId === itemId) commit.text = this.#running.text;
    this.#running = undefined;
  }

  delta(itemId: unknown, delta: unknown): void {
    if (typeof itemId !== 'string' || typeof delta !== 'string') return;
    const commit = this.#commits.find((each) => each.itemId === itemId);
    if (commit === undefined) this.#runningDelta(itemId, delta);
    else if (!commit.isDone) {
      commit.text = joined(commit.text, delta);
      if (commit === this.#commits[0]) this.#listener.onPartial(commit.text);
    }
  }

  completed(itemId: unknown, transcript: unknown): void {
    const commit = this.#commits.find((each) => each.itemId === itemId);
    if (commit === undefined || typeof itemId !== 'string') return;
    commit.text = typeof transcript === 'string' ? transcript : '';
    commit.isDone = true;
    this.#settle();
  }

  /** The vendor found nothing in it. False where it is none of ours. */
  refused(eventId: unknown): boolean {
    const commit = this.#commits.find((each) => each.eventId === eventId && !each.isDone);
    if (commit === undefined) return false;
    commit.text = '';
    commit.isDone = true;
    this.#settle();
    return true;
  }

  #runningDelta(itemId: string, delta: string): void {
    if (this.#running?.itemId !== itemId) this.#running = { itemId, text: '' };
    this.#running.text = joined(this.#running.text, delta);
    if (this.#commits.length === 0) this.#listener.onPartial(this.#running.text);
  }

  #settle(): void {
    while (this.#commits[0]?.isDone) {
      const { text } = this.#commits[0];
      this.#commits.shift();
      this.#listener.onDone(text);
    }
  }
}

function joined(text: string, delta: string): string {
  return text.length < ITEM_CHARACTERS_MAX ? text + delta : text;
}
