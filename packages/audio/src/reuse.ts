/**
 * The array to write `length` items into: a fresh one, or the beginning of the caller's. A caller's array that is too
 * short is a programming error, hence the throw; it costs nothing on the happy path.
 */
export function reuseInt16(out: Int16Array | undefined, length: number): Int16Array {
  if (out === undefined) return new Int16Array(length);
  if (out.length < length) throw new RangeError(`out holds ${out.length} samples, ${length} are needed`);
  return out.length === length ? out : out.subarray(0, length);
}

/** As `reuseInt16`, for bytes. */
export function reuseBytes(out: Uint8Array | undefined, length: number): Uint8Array {
  if (out === undefined) return new Uint8Array(length);
  if (out.length < length) throw new RangeError(`out holds ${out.length} bytes, ${length} are needed`);
  return out.length === length ? out : out.subarray(0, length);
}
