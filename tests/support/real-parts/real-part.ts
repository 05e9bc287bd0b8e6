/** A server of others that tests speak to: the real one, never a fake. */
export interface RealPart {
  /** Where whoever runs the tests names one that is there already; tests find the address of the private one in it too. */
  readonly setting: `TEST_${string}_URL`;
  start(): Promise<RunningPart>;
}

export interface RunningPart {
  readonly url: string;
  /** Idempotent. The process is gone afterwards, and its folder. */
  stop(): Promise<void>;
}
