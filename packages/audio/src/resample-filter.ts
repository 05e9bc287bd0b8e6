/** How one ratio of rates is computed. Carries the end of the last chunk, so it belongs to one stream. */
export interface RateFilter {
  /**
   * Fills `output`, which is exactly as long as what `input` completes. `position` is where its first sample lies, in
   * 1/up of an input sample after the input seen before.
   */
  process(input: Int16Array, output: Int16Array, position: number): void;
  reset(): void;
}
