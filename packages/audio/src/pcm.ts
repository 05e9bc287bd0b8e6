import { reuseBytes, reuseInt16 } from './reuse.js';

/**
 * Little-endian bytes of `samples`, whatever the machine. Written into `out` when given (any alignment; RangeError
 * when it is too short; a longer one gives a view of its beginning).
 */
export function pcm16ToBytes(samples: Int16Array, out?: Uint8Array): Uint8Array {
  const bytes = reuseBytes(out, samples.length * 2);
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i] as number;
    bytes[2 * i] = sample;
    bytes[2 * i + 1] = sample >> 8;
  }
  return bytes;
}

/**
 * A copy of little-endian `bytes` as samples; they may begin at any address. Half a sample at the end is left out:
 * who cuts a stream into pieces keeps the odd byte. `out` as in `pcm16ToBytes`.
 */
export function bytesToPcm16(bytes: Uint8Array, out?: Int16Array): Int16Array {
  const samples = reuseInt16(out, bytes.length >> 1);
  for (let i = 0; i < samples.length; i++) {
    samples[i] = (bytes[2 * i] as number) | ((bytes[2 * i + 1] as number) << 8);
  }
  return samples;
}

/** That many zero samples. Silence in mu-law and A-law is `ULAW_SILENCE` and `ALAW_SILENCE`, not zero. */
export function silence(samples: number): Int16Array {
  return new Int16Array(samples);
}
