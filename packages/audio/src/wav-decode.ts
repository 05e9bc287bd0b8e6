import { decodeAlaw, decodeUlaw } from './g711.js';
import { bytesToPcm16 } from './pcm.js';
import { saturate } from './saturate.js';
import { readAscii, WAV_CHANNELS_MAX, type WavAudio, WavError } from './wav.js';

/** Files above this are refused unless the caller asks for more. Decoding needs up to five times a file's size. */
export const WAV_BYTES_MAX = 512 * 1024 * 1024;

interface Coding {
  sampleBytes: number;
  decode: (bytes: Uint8Array) => Int16Array;
}

interface Format {
  rateHz: number;
  channelCount: number;
  coding: Coding;
}

// Key: format tag and bits per sample of the `fmt ` chunk (RFC 2361).
const CODINGS: ReadonlyMap<string, Coding> = new Map<string, Coding>([
  ['1/8', { sampleBytes: 1, decode: pcm8ToPcm16 }],
  ['1/16', { sampleBytes: 2, decode: (bytes) => bytesToPcm16(bytes) }],
  ['3/32', { sampleBytes: 4, decode: float32ToPcm16 }],
  ['6/8', { sampleBytes: 1, decode: (bytes) => decodeAlaw(bytes) }],
  ['7/8', { sampleBytes: 1, decode: (bytes) => decodeUlaw(bytes) }],
]);

const EXTENSIBLE = 0xfffe;
// WAVE_FORMAT_EXTENSIBLE carries the format tag as the first two bytes of a GUID; these are the rest of it.
const GUID_TAIL = '000000001000800000aa00389b71';
const STREAMED = 0xffff_ffff;

/**
 * Reads PCM of 8 and 16 bits, 32-bit float, mu-law and A-law, plain or WAVE_FORMAT_EXTENSIBLE, chunks in any order.
 * A data length of 0xFFFFFFFF, or of 0 where the file's length is not announced either, is a streamed file: data till
 * the end. Half a sample group at the end is left out. The arrays are fresh. WavError: `not-riff`, `truncated`,
 * `unsupported`, `too-big` (above `bytesMax`, checked first).
 */
export function decodeWav(bytes: Uint8Array, { bytesMax = WAV_BYTES_MAX }: { bytesMax?: number } = {}): WavAudio {
  if (bytes.length > bytesMax) throw new WavError('too-big', `${bytes.length} bytes are more than ${bytesMax}`);
  const { format, data } = readChunks(bytes);
  const blockBytes = format.channelCount * format.coding.sampleBytes;
  const frames = Math.floor(data.length / blockBytes);
  const samples = format.coding.decode(data.subarray(0, frames * blockBytes));
  return { rateHz: format.rateHz, channels: deinterleave(samples, format.channelCount) };
}

function readChunks(bytes: Uint8Array): { format: Format; data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (readAscii(bytes, 0) !== 'RIFF') throw new WavError('not-riff', 'does not begin with RIFF');
  if (bytes.length < 12) throw new WavError('truncated', 'ends within the RIFF header');
  if (readAscii(bytes, 8) !== 'WAVE') throw new WavError('not-riff', 'a RIFF file, but not WAVE');
  const isLengthTrue = view.getUint32(4, true) === bytes.length - 8;
  let format: Format | undefined;
  let data: Uint8Array | undefined;
  let position = 12;
  while (position + 8 <= bytes.length && (format === undefined || data === undefined)) {
    const id = readAscii(bytes, position);
    const start = position + 8;
    let length = view.getUint32(position + 4, true);
    if (id === 'data' && (length === STREAMED || (length === 0 && !isLengthTrue))) length = bytes.length - start;
    if (start + length > bytes.length) throw new WavError('truncated', `ends within the chunk ${JSON.stringify(id)}`);
    if (id === 'fmt ') format ??= readFormat(bytes.subarray(start, start + length));
    if (id === 'data') data ??= bytes.subarray(start, start + length);
    position = start + length + (length % 2);
  }
  if (format === undefined || data === undefined) throw new WavError('truncated', 'ends without format or data');
  return { format, data };
}

function readFormat(chunk: Uint8Array): Format {
  if (chunk.length < 16) throw new WavError('unsupported', `a format chunk of ${chunk.length} bytes`);
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const channelCount = view.getUint16(2, true);
  const rateHz = view.getUint32(4, true);
  const tag = readTag(chunk, view);
  const bits = view.getUint16(14, true);
  const coding = CODINGS.get(`${tag}/${bits}`);
  if (coding === undefined) throw new WavError('unsupported', `format ${tag} with ${bits} bits`);
  if (channelCount < 1 || channelCount > WAV_CHANNELS_MAX)
    throw new WavError('unsupported', `${channelCount} channels`);
  if (rateHz === 0) throw new WavError('unsupported', 'a rate of 0 Hz');
  if (view.getUint16(12, true) !== channelCount * coding.sampleBytes) {
    throw new WavError('unsupported', 'sample groups with gaps');
  }
  return { rateHz, channelCount, coding };
}

function readTag(chunk: Uint8Array, view: DataView): number {
  const tag = view.getUint16(0, true);
  if (tag !== EXTENSIBLE || chunk.length < 40) return tag;
  const tail = Array.from(chunk.subarray(26, 40), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return tail === GUID_TAIL ? view.getUint16(24, true) : tag;
}

function pcm8ToPcm16(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length);
  for (let i = 0; i < samples.length; i++) samples[i] = ((bytes[i] as number) - 128) << 8;
  return samples;
}

function float32ToPcm16(bytes: Uint8Array): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Int16Array(bytes.length / 4);
  for (let i = 0; i < samples.length; i++) samples[i] = saturate(view.getFloat32(i * 4, true) * 32768);
  return samples;
}

function deinterleave(samples: Int16Array, channelCount: number): Int16Array[] {
  if (channelCount === 1) return [samples];
  return Array.from({ length: channelCount }, (_, channel) => {
    const own = new Int16Array(samples.length / channelCount);
    for (let i = 0; i < own.length; i++) own[i] = samples[i * channelCount + channel] as number;
    return own;
  });
}
