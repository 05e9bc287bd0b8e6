import { callOf, type SpooledWrite, type WriteSpool } from '../write-spool.js';

/** A spool that forgets everything with the test. A new one may be opened over what an old one held. */
export class MemorySpool implements WriteSpool {
  readonly writes: SpooledWrite[];
  /** With so many waiting there is no room. */
  entriesMax = Number.POSITIVE_INFINITY;
  #isGiven = false;
  #closed = false;

  constructor(writes: readonly SpooledWrite[] = []) {
    this.writes = [...writes];
  }

  get entries(): number {
    return this.writes.length;
  }

  async add(write: SpooledWrite): Promise<boolean> {
    if (this.#closed || this.writes.length >= this.entriesMax) return false;
    this.writes.push(write);
    return true;
  }

  holds(callId: string): boolean {
    return this.writes.some(({ write }) => callOf(write) === callId);
  }

  async first(): Promise<SpooledWrite | undefined> {
    if (this.#closed) return undefined;
    this.#isGiven = this.writes.length > 0;
    return this.writes[0];
  }

  async removeFirst(): Promise<void> {
    if (!this.#isGiven) throw new Error('the spool has not given what is to be removed');
    this.#isGiven = false;
    this.writes.shift();
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}
