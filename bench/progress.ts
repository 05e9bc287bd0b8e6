import { type Clock, sleep } from '@rapida/core';

/** Says what runs and for how long, on stderr, so that the report can be piped away. */
export interface Progress {
  /** Lets `ms` pass. */
  wait(what: string, ms: number): Promise<void>;
}

const BAR_CHARS = 24;
const STEP_MS = 250;

export function createProgress(clock: Clock, out: NodeJS.WriteStream): Progress {
  return {
    async wait(what, ms) {
      if (!out.isTTY) {
        out.write(`  ${what}, ${(ms / 1000).toFixed(0)} s ...\n`);
        return sleep(clock, ms);
      }
      const startMs = clock.nowMs();
      for (let passedMs = 0; passedMs < ms; passedMs = clock.nowMs() - startMs) {
        const done = Math.round((BAR_CHARS * passedMs) / ms);
        out.write(`\r\x1b[K  [${'='.repeat(done)}${' '.repeat(BAR_CHARS - done)}] ${what}`);
        await sleep(clock, Math.min(STEP_MS, ms - passedMs));
      }
      out.write('\r\x1b[K');
    },
  };
}
