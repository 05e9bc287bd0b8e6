/** Speech rendered before, by what was said; bounded by bytes, the least recently used goes first. */
export class SpeechCache {
  readonly #bytesMax: number;
  readonly #entries = new Map<string, Int16Array>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Nobody may write to it. */
  get(key: string): Int16Array | undefined {
    const samples = this.#entries.get(key);
    if (samples === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, samples);
    return samples;
  }

  /** What is larger than the whole cache is not kept. */
  set(key: string, samples: Int16Array): void {
    this.#remove(key);
    if (samples.byteLength > this.#bytesMax) return;
    this.#entries.set(key, samples);
    this.#bytes += samples.byteLength;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#bytesMax) break;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    const samples = this.#entries.get(key);
    if (samples === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= samples.byteLength;
  }
}
