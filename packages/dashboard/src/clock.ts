/** Where time comes from. The only file of the dashboard that asks the browser for it. */
export interface BrowserClock {
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** Calls `fire` once; what is returned takes it back, at any time and as often as you like. */
  after(delayMs: number, fire: () => void): () => void;
  /** Calls `fire` again and again; what is returned ends it. */
  every(periodMs: number, fire: () => void): () => void;
}

export const browserClock: BrowserClock = {
  wallMs: () => Date.now(),
  after(delayMs, fire) {
    const handle = setTimeout(fire, delayMs);
    return () => clearTimeout(handle);
  },
  every(periodMs, fire) {
    const handle = setInterval(fire, periodMs);
    return () => clearInterval(handle);
  },
};
