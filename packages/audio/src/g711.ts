import { reuseBytes, reuseInt16 } from './reuse.js';

/** Digital silence in mu-law. Zero bytes are nearly full scale in both laws. */
export const ULAW_SILENCE = 0xff;
/** The quietest A-law code: A-law has no zero, this one decodes to 8. */
export const ALAW_SILENCE = 0xd5;

// ITU-T G.711 puts mu-law on 14 bits with a bias of 33; on 16 bits that is 132.
const ULAW_BIAS = 33;

/**
 * Both encoders follow the reference code of ITU-T G.191 where G.711 leaves freedom: the magnitude of a negative
 * sample is its one's complement, so a sample on a decision value goes to the lower code when negative, to the higher
 * when positive.
 */
function ulawOf(sample: number): number {
  const magnitude = Math.min(((sample < 0 ? ~sample : sample) >> 2) + ULAW_BIAS, 0x1fff);
  const segment = 26 - Math.clz32(magnitude);
  const code = (segment << 4) | ((magnitude >> (segment + 1)) & 0x0f);
  return (sample < 0 ? 0x7f : 0xff) - code;
}

function linearOfUlaw(code: number): number {
  const inverted = ~code & 0xff;
  const segment = (inverted >> 4) & 7;
  const magnitude = (((((inverted & 0x0f) << 1) + ULAW_BIAS) << segment) - ULAW_BIAS) * 4;
  return inverted & 0x80 ? -magnitude : magnitude;
}

function alawOf(sample: number): number {
  const magnitude = (sample < 0 ? ~sample : sample) >> 4;
  const segment = Math.max(0, 28 - Math.clz32(magnitude));
  const code = segment === 0 ? magnitude : (segment << 4) | ((magnitude >> (segment - 1)) & 0x0f);
  return (sample < 0 ? code : code | 0x80) ^ 0x55;
}

function linearOfAlaw(code: number): number {
  const inverted = code ^ 0x55;
  const segment = (inverted >> 4) & 7;
  const step = ((inverted & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return inverted & 0x80 ? magnitude : -magnitude;
}

/** Indexed by the sample's 16 bits taken as unsigned. */
function encodeTable(codeOf: (sample: number) => number): Uint8Array {
  return Uint8Array.from({ length: 65536 }, (_, index) => codeOf((index << 16) >> 16));
}

function decodeTable(linearOf: (code: number) => number): Int16Array {
  return Int16Array.from({ length: 256 }, (_, code) => linearOf(code));
}

// Built once, never written again, shared by all calls: 65 KiB per law.
const ULAW_ENCODE = encodeTable(ulawOf);
const ULAW_DECODE = decodeTable(linearOfUlaw);
const ALAW_ENCODE = encodeTable(alawOf);
const ALAW_DECODE = decodeTable(linearOfAlaw);

function encode(table: Uint8Array, samples: Int16Array, out: Uint8Array | undefined): Uint8Array {
  const bytes = reuseBytes(out, samples.length);
  for (let i = 0; i < samples.length; i++) bytes[i] = table[(samples[i] as number) & 0xffff] as number;
  return bytes;
}

function decode(table: Int16Array, bytes: Uint8Array, out: Int16Array | undefined): Int16Array {
  const samples = reuseInt16(out, bytes.length);
  for (let i = 0; i < bytes.length; i++) samples[i] = table[bytes[i] as number] as number;
  return samples;
}

/** One byte per sample, into `out` when given (RangeError when it is too short; a longer one gives a view of its beginning). */
export function encodeUlaw(samples: Int16Array, out?: Uint8Array): Uint8Array {
  return encode(ULAW_ENCODE, samples, out);
}

/** One sample per byte; `out` as in `encodeUlaw`. Every byte is valid. */
export function decodeUlaw(bytes: Uint8Array, out?: Int16Array): Int16Array {
  return decode(ULAW_DECODE, bytes, out);
}

/** One byte per sample; `out` as in `encodeUlaw`. */
export function encodeAlaw(samples: Int16Array, out?: Uint8Array): Uint8Array {
  return encode(ALAW_ENCODE, samples, out);
}

/** One sample per byte; `out` as in `encodeUlaw`. Every byte is valid. */
export function decodeAlaw(bytes: Uint8Array, out?: Int16Array): Int16Array {
  return decode(ALAW_DECODE, bytes, out);
}
