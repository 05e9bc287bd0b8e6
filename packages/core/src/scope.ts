import type { Clock } from './clock.js';

/**
 * A tree of lifetimes: process -> call -> turn -> request. Whatever ends first ends everything below it, once, children
 * before parents, newest first, within a budget of time.
 */
export interface Scope {
  readonly name: string;
  /** Aborts when the scope starts closing; its `reason` is the one given to `close`. */
  readonly signal: AbortSignal;
  readonly closed: boolean;
  child(name: string): Scope;
  /** Runs when the scope closes, or at once if it has. The returned function takes it back. A failure is reported, not thrown. */
  onClose(cleanup: () => void | Promise<void>): () => void;
  /** Starts a background task owned by this scope: its failure reaches `onError`, and closing waits for it (within the budget). */
  run(task: (signal: AbortSignal) => Promise<void>): void;
  /** Idempotent: the first reason wins, every caller gets the same promise. Never rejects. */
  close(reason?: unknown): Promise<void>;
}

export interface ScopeOptions {
  readonly clock: Clock;
  /** How long closing waits for cleanups and tasks before it goes on without them. */
  readonly budgetMs?: number;
  /** Hears failures of cleanups and tasks, and `ScopeOverrun` when the budget was not enough. */
  readonly onError: (error: unknown, scopeName: string) => void;
}

export class ScopeOverrun extends Error {
  override readonly name = 'ScopeOverrun';
}

export const DEFAULT_SCOPE_BUDGET_MS = 5_000;

export function createScope(name: string, options: ScopeOptions): Scope {
  return new ScopeNode(name, options, undefined);
}

class ScopeNode implements Scope {
  readonly name: string;
  readonly #options: ScopeOptions;
  readonly #parent: ScopeNode | undefined;
  readonly #abort = new AbortController();
  readonly #children = new Set<ScopeNode>();
  readonly #cleanups = new Set<() => void | Promise<void>>();
  readonly #tasks = new Set<Promise<void>>();
  #closing: Promise<void> | undefined;

  constructor(name: string, options: ScopeOptions, parent: ScopeNode | undefined) {
    this.name = name;
    this.#options = options;
    this.#parent = parent;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  child(name: string): Scope {
    const node = new ScopeNode(`${this.name}/${name}`, this.#options, this);
    if (this.closed) void node.close(this.signal.reason);
    else this.#children.add(node);
    return node;
  }

  onClose(cleanup: () => void | Promise<void>): () => void {
    if (this.closed) {
      void this.#guard(cleanup);
      return () => {};
    }
    this.#cleanups.add(cleanup);
    return () => void this.#cleanups.delete(cleanup);
  }

  run(task: (signal: AbortSignal) => Promise<void>): void {
    if (this.closed) return;
    const running = this.#guard(() => task(this.signal)).then(() => void this.#tasks.delete(running));
    this.#tasks.add(running);
  }

  close(reason: unknown = new Error(`scope ${this.name} closed`)): Promise<void> {
    this.#closing ??= this.#closeOnce(reason);
    return this.#closing;
  }

  async #closeOnce(reason: unknown): Promise<void> {
    // Yield first: `#closing` must be set before an abort listener can ask for `closed` or close again.
    await Promise.resolve();
    if (this.#parent !== undefined) this.#parent.#children.delete(this);
    this.#abort.abort(reason);
    for (const child of [...this.#children].reverse()) await child.close(reason);
    await this.#withinBudget(async () => {
      for (const cleanup of [...this.#cleanups].reverse()) await this.#guard(cleanup);
      await Promise.all(this.#tasks);
    });
    this.#cleanups.clear();
  }

  async #guard(work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(this.signal.aborted && isAbort(error, this.signal))) this.#options.onError(error, this.name);
    }
  }

  async #withinBudget(work: () => Promise<void>): Promise<void> {
    const { clock, budgetMs = DEFAULT_SCOPE_BUDGET_MS } = this.#options;
    let cancel = () => {};
    const overrun = new Promise<void>((resolve) => {
      const timer = clock.setTimer(budgetMs, () => {
        this.#options.onError(new ScopeOverrun(`${this.name} did not close within ${budgetMs} ms`), this.name);
        resolve();
      });
      cancel = () => timer.cancel();
    });
    await Promise.race([work(), overrun]);
    cancel();
  }
}

/** True when `error` is only the echo of `signal` having been aborted. */
export function isAbort(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'));
}
