import { type LiveEvent, Rapida } from '@rapida/client';
import type { BrowserClock } from '../clock.js';
import { type Spoken, spokenAfter } from './spoken-words.js';

/** `open`: events arrive; `connecting`: they will; `away`: given up for the moment, tried again by itself. */
export type FeedState = 'connecting' | 'open' | 'away';

export interface LiveFeedOptions {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly clock: BrowserClock;
  readonly onEvent: (event: LiveEvent) => void;
  /** A connection was made anew: something may have happened in between that nobody told. */
  readonly onGap: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** After the SDK has given up, which takes it minutes. */
const AGAIN_MS = 30_000;

/**
 * The one stream of live events of this page, for all calls. It connects again by itself; whoever shows something that it
 * changes reads that anew after a gap.
 */
export class LiveFeed {
  readonly #options: LiveFeedOptions;
  readonly #rapida: Rapida;
  readonly #watchers = new Set<() => void>();
  readonly #listeners = new Set<(event: LiveEvent) => void>();
  readonly #ended = new AbortController();
  #state: FeedState = 'connecting';
  #spoken: Spoken = new Map();
  #connections = 0;

  constructor(options: LiveFeedOptions) {
    this.#options = options;
    this.#rapida = new Rapida({ url: options.url, fetch: (input, init) => this.#connect(input, init) });
    void this.#run();
  }

  /** For `useSyncExternalStore`. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };
  readonly state = (): FeedState => this.#state;
  readonly spoken = (): Spoken => this.#spoken;

  /** Hears of every event until the returned function is called. */
  listen(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calling it twice is safe. */
  close(): void {
    this.#ended.abort();
    this.#watchers.clear();
    this.#listeners.clear();
  }

  async #run(): Promise<void> {
    const { onEvent, onFailure, clock } = this.#options;
    const { signal } = this.#ended;
    while (!signal.aborted) {
      try {
        for await (const event of this.#rapida.calls.stream({}, { signal })) {
          this.#set(this.#state, spokenAfter(this.#spoken, event));
          onEvent(event);
          for (const listener of this.#listeners) listener(event);
        }
      } catch (error) {
        if (signal.aborted) return;
        onFailure(error);
      }
      this.#set('away', this.#spoken);
      await new Promise<void>((resolve) => {
        const cancel = clock.after(AGAIN_MS, resolve);
        signal.addEventListener('abort', cancel, { once: true });
      });
    }
  }

  /** Each connection of the stream is one request: here it is seen when one is made anew. */
  async #connect(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    this.#set('connecting', this.#spoken);
    const answer = await this.#options.fetch(input, init);
    if (!answer.ok) return answer;
    this.#connections++;
    this.#set('open', this.#spoken);
    if (this.#connections > 1) this.#options.onGap();
    return answer;
  }

  #set(state: FeedState, spoken: Spoken): void {
    if (state === this.#state && spoken === this.#spoken) return;
    this.#state = state;
    this.#spoken = spoken;
    for (const watcher of this.#watchers) watcher();
  }
}
