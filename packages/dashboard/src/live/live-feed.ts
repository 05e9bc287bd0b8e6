import { type LiveEvent, Rapida } from '@rapida/client';
import type { BrowserClock } from '../clock.js';
import { Spoken, type SpokenWords } from './spoken-words.js';
import { untilItEnds } from './until-it-ends.js';

/**
 * `connecting`: for the first time; `open`: events arrive; `lost`: they did, and connecting goes on by itself; `away`: given
 * up for the moment, tried again by itself.
 */
export type FeedState = 'connecting' | 'open' | 'lost' | 'away';

export interface LiveFeedOptions {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly clock: BrowserClock;
  readonly onEvent: (event: LiveEvent) => void;
  /** Events arrive from now on: what happened before, nobody told. */
  readonly onOpen: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** After the SDK has given up, which takes it minutes. */
export const AGAIN_MS = 30_000;

/**
 * The one stream of live events of this page, for all calls. It connects again by itself; whoever shows something that it
 * changes reads that anew whenever it opens.
 */
export class LiveFeed {
  readonly #options: LiveFeedOptions;
  readonly #rapida: Rapida;
  readonly #watchers = new Set<() => void>();
  readonly #listeners = new Set<(event: LiveEvent) => void>();
  readonly #ended = new AbortController();
  readonly #spoken = new Spoken();
  #state: FeedState = 'connecting';

  constructor(options: LiveFeedOptions) {
    this.#options = options;
    const { url, clock } = options;
    this.#rapida = new Rapida({
      url,
      clock: {
        wallMs: () => clock.wallMs(),
        setTimer: (delayMs, fire) => ({ cancel: clock.after(delayMs, fire) }),
      },
      fetch: (input, init) => this.#connect(input, init),
    });
    void this.#run();
  }

  /** For `useSyncExternalStore`. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };
  readonly state = (): FeedState => this.#state;

  /** What was said last in a call; the same list until something is said. */
  spoken(callId: string): readonly SpokenWords[] {
    return this.#spoken.of(callId);
  }

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
          if (this.#spoken.tell(event)) this.#tellWatchers();
          onEvent(event);
          for (const listener of this.#listeners) listener(event);
        }
      } catch (error) {
        if (signal.aborted) return;
        onFailure(error);
      }
      this.#become('away');
      await pause(clock, AGAIN_MS, signal);
    }
  }

  /** Each connection of the stream is one request: here it is seen when one is made, and when it is lost. */
  async #connect(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const answer = await this.#options.fetch(input, init);
    if (!answer.ok || answer.body === null) return answer;
    this.#spoken.forget();
    this.#become('open');
    this.#options.onOpen();
    return new Response(
      untilItEnds(answer.body, () => this.#become('lost')),
      answer,
    );
  }

  #become(state: FeedState): void {
    if (state === this.#state || this.#ended.signal.aborted) return;
    this.#state = state;
    this.#tellWatchers();
  }

  #tellWatchers(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/** Resolves early where the signal aborts. */
function pause(clock: BrowserClock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      cancel();
      resolve();
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}
