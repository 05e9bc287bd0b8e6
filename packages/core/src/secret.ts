import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

/**
 * A key that does not show itself: printed, logged or turned into JSON it is `[secret]`. It is kept masked by random
 * bytes, so that a dump of memory has it only while it is being used.
 */
export class Secret {
  readonly #masked: Buffer;
  readonly #mask: Buffer;

  constructor(value: string) {
    this.#masked = Buffer.from(value, 'utf8');
    this.#mask = randomBytes(this.#masked.length);
    xor(this.#masked, this.#mask);
  }

  /** For the header of a request, and for nothing else. */
  reveal(): string {
    const plain = Buffer.from(this.#masked);
    xor(plain, this.#mask);
    const value = plain.toString('utf8');
    plain.fill(0);
    return value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

function xor(bytes: Buffer, mask: Buffer): void {
  for (let index = 0; index < bytes.length; index++) bytes[index] = (bytes[index] ?? 0) ^ (mask[index] ?? 0);
}
