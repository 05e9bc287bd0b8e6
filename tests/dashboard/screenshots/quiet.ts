import type { Page, Request } from 'playwright-core';
import { within } from '../../interop/wait.js';

const QUIET_MS_MAX = 20_000;
/** It stays open. */
const STREAM = '/v1/calls/stream';

/** Knows when a page has what it asked for, and has drawn it. To be there before the page is gone to. */
export class Quiet {
  readonly #page: Page;
  readonly #asked = new Set<Request>();
  #changed: () => void = () => {};

  constructor(page: Page) {
    this.#page = page;
    page.on('request', (request) => {
      // A player loads as much of a recording as it likes, when it likes.
      const isOpenEnded = request.resourceType() === 'media' || new URL(request.url()).pathname.endsWith(STREAM);
      if (!isOpenEnded) this.#asked.add(request);
    });
    const answered = (request: Request): void => {
      this.#asked.delete(request);
      this.#changed();
    };
    page.on('requestfinished', answered);
    page.on('requestfailed', answered);
  }

  reached(): Promise<void> {
    return within(`everything that ${this.#page.url()} asks for is there`, QUIET_MS_MAX, this.#quiet());
  }

  /** What arrives may ask for more when it is drawn. */
  async #quiet(): Promise<void> {
    do {
      while (this.#asked.size > 0) await this.#change();
      await drawn(this.#page);
    } while (this.#asked.size > 0);
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }
}

/** Three times: what measures itself draws again, and so does what follows from that. */
export async function drawn(page: Page): Promise<void> {
  for (let times = 0; times < 3; times++) {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  }
}
