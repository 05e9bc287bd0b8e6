import { sleep, systemClock } from '@rapida/core';
import { longestGap } from '../sip-phone/heard.js';
import type { TestCall } from '../test-call.js';
import { isSteady, REACHES, type Reach } from './cluster-configuration.js';
import { ANSWERED_MS_MAX, GREETED_MS_MAX, hears, QUESTION, staysOn } from './conversing.js';

/** How long they stay: not all equally long, so that they neither come nor go together. */
const STAYS_MS_MIN = 6_000;
const STAYS_MS_MAX = 12_000;
const STAYS_STEP_MS = 1_700;
/** One of so many asks something. */
const ASKS_EVERY = 5;
/** Between the greeting and a question. */
const THINKS_MS = 2_500;

/** What one call was like for its caller. */
export interface Stay {
  readonly greetedMs: number;
  /** Longest time without a packet; 0 where there need not be any between what the assistant says. */
  readonly gapMs: number;
}

export interface CrowdOptions {
  readonly seats: number;
  /** Between the first calls. */
  readonly staggerMs: number;
  /** What they dial, in turns. */
  readonly reaches: readonly Reach[];
  readonly dial: (reach: Reach) => Promise<TestCall>;
}

/** So many callers at once, all the time: whoever has hung up is followed by the next one. */
export class Crowd {
  readonly stays: Stay[] = [];
  readonly failures: string[] = [];
  dialled = 0;
  talking = 0;
  /** At once, from when everybody was there until they leave. */
  fewest = Number.POSITIVE_INFINITY;
  readonly #options: CrowdOptions;
  readonly #seats: Promise<void>[] = [];
  readonly #closing = new AbortController();

  constructor(options: CrowdOptions) {
    this.#options = options;
  }

  /** Resolves when all of them have come. */
  async gather(): Promise<void> {
    const { seats, staggerMs } = this.#options;
    for (let seat = 0; seat < seats; seat++) {
      this.#seats.push(this.#sit());
      await sleep(systemClock, staggerMs);
    }
    await sleep(systemClock, STAYS_MS_MIN / 2);
    this.fewest = this.talking;
  }

  /** Nobody follows any more. Resolves when the last one has hung up. */
  async leave(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#seats);
  }

  async #sit(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const nth = this.dialled++;
      try {
        this.stays.push(await this.#visit(nth));
      } catch (error) {
        this.failures.push(`caller ${nth + 1}: ${error instanceof Error ? error.message : String(error)}`);
        // Whoever cannot get through does not dial without a pause.
        await sleep(systemClock, 1_000);
      }
    }
  }

  async #visit(nth: number): Promise<Stay> {
    const { reaches, dial } = this.#options;
    const reach = reaches[nth % reaches.length] ?? REACHES.sound1;
    const call = await dial(reach);
    this.talking++;
    try {
      const greetedMs = await hears(call, call.answeredMs, GREETED_MS_MAX, 'a greeting');
      if (nth % ASKS_EVERY === 0) {
        await staysOn(call, THINKS_MS);
        const { lastMs } = await call.say(QUESTION);
        await hears(call, lastMs, ANSWERED_MS_MAX, 'an answer');
      }
      const staysMs = STAYS_MS_MIN + ((nth * STAYS_STEP_MS) % (STAYS_MS_MAX - STAYS_MS_MIN));
      await staysOn(call, call.answeredMs + staysMs - systemClock.nowMs());
      const gap = longestGap(call.sip.rtp.heard, call.answeredMs + greetedMs, systemClock.nowMs());
      return { greetedMs, gapMs: isSteady(reach) ? gap.ms : 0 };
    } finally {
      this.talking--;
      if (!this.#closing.signal.aborted) this.fewest = Math.min(this.fewest, this.talking);
      call.sip.hangup();
    }
  }
}
