import { Duplex } from 'node:stream';

/** One end of a pair of connected streams without a network. `hold()` is a peer that stops reading. */
export class PairedStream extends Duplex {
  peer: PairedStream | undefined;
  #held: (() => void)[] | undefined;

  hold(): void {
    this.#held = [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const done of held) done();
  }

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.peer?.receive(() => {
      if (this.peer?.destroyed === false) this.peer.push(chunk);
      done();
    });
  }

  /** Later, never within the write, as a socket would. */
  receive(deliver: () => void): void {
    if (this.#held === undefined) process.nextTick(deliver);
    else this.#held.push(deliver);
  }

  override _final(done: (error?: Error | null) => void): void {
    process.nextTick(() => {
      this.peer?.push(null);
      done();
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    process.nextTick(() => {
      if (this.peer?.destroyed === false) this.peer.push(null);
      done(error);
    });
  }
}

export function duplexPair(): [PairedStream, PairedStream] {
  const options = { allowHalfOpen: true };
  const left = new PairedStream(options);
  const right = new PairedStream(options);
  left.peer = right;
  right.peer = left;
  return [left, right];
}
