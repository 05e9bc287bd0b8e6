import { pcm16ToBytes } from './pcm.js';

/**
 * - `not-riff`: these bytes are no WAV file
 * - `truncated`: it ends before what it announces, or without format or data
 * - `unsupported`: a WAV file, but of a coding, channel count or layout that is not read or written here
 * - `too-big`: above the caller's limit, or above the 4 GiB a WAV file can announce
 */
export type WavErrorCode = 'not-riff' | 'truncated' | 'unsupported' | 'too-big';

export class WavError extends Error {
  override readonly name = 'WavError';
  readonly code: WavErrorCode;

  constructor(code: WavErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** One array of samples per channel. */
export interface WavAudio {
  rateHz: number;
  channels: Int16Array[];
}

export const WAV_HEADER_BYTES = 44;
/** More channels are `unsupported`: a header must not make us allocate thousands of arrays. */
export const WAV_CHANNELS_MAX = 32;

const LENGTH_MAX = 0xffff_ffff;

/** A PCM16 file. Channels shorter than the longest are filled up with silence. WavError: `unsupported`, `too-big`. */
export function encodeWav({ rateHz, channels }: WavAudio): Uint8Array {
  const frames = channels.reduce((longest, channel) => Math.max(longest, channel.length), 0);
  const dataBytes = frames * channels.length * 2;
  const header = wavHeader({ rateHz, channelCount: channels.length, dataBytes });
  const interleaved = new Int16Array(frames * channels.length);
  for (const [index, channel] of channels.entries()) {
    for (let i = 0; i < channel.length; i++) interleaved[i * channels.length + index] = channel[i] as number;
  }
  const file = new Uint8Array(WAV_HEADER_BYTES + dataBytes);
  file.set(header);
  pcm16ToBytes(interleaved, file.subarray(WAV_HEADER_BYTES));
  return file;
}

/**
 * The 44 bytes before PCM16 data. A recorder that does not know its length yet writes `dataBytes: 0`, which `decodeWav`
 * reads as "till the end", and puts the true header in place when it closes. WavError: `unsupported`, `too-big`.
 */
export function wavHeader(options: { rateHz: number; channelCount: number; dataBytes: number }): Uint8Array {
  const { rateHz, channelCount, dataBytes } = options;
  if (!(channelCount >= 1 && channelCount <= WAV_CHANNELS_MAX)) {
    throw new WavError('unsupported', `a WAV file cannot have ${channelCount} channels here`);
  }
  const header = new Uint8Array(WAV_HEADER_BYTES);
  const view = new DataView(header.buffer);
  const blockBytes = channelCount * 2;
  writeAscii(header, 0, 'RIFF');
  writeAscii(header, 8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channelCount, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, rateHz * blockBytes, true);
  view.setUint16(32, blockBytes, true);
  view.setUint16(34, 16, true);
  writeAscii(header, 36, 'data');
  writeLengths(view, dataBytes);
  return header;
}

/**
 * The header of a recording whose writer was killed, with the lengths put right for a file of `fileBytes`. Half a sample
 * group at the end is left out of the lengths. Takes what `wavHeader` made (a longer array may follow) and returns a
 * copy of its 44 bytes. WavError: `truncated` when there are fewer, `not-riff`, `unsupported` for another layout,
 * `too-big`.
 */
export function repairWavHeader(header: Uint8Array, fileBytes: number): Uint8Array {
  if (header.length < WAV_HEADER_BYTES || fileBytes < WAV_HEADER_BYTES) {
    throw new WavError('truncated', `a WAV header has ${WAV_HEADER_BYTES} bytes`);
  }
  const repaired = Uint8Array.from(header.subarray(0, WAV_HEADER_BYTES));
  const view = new DataView(repaired.buffer);
  if (readAscii(repaired, 0) !== 'RIFF' || readAscii(repaired, 8) !== 'WAVE') {
    throw new WavError('not-riff', 'no RIFF/WAVE header');
  }
  const blockBytes = view.getUint16(32, true);
  if (readAscii(repaired, 12) !== 'fmt ' || readAscii(repaired, 36) !== 'data' || blockBytes === 0) {
    throw new WavError('unsupported', 'not a plain 44-byte WAV header');
  }
  const dataBytes = fileBytes - WAV_HEADER_BYTES;
  writeLengths(view, dataBytes - (dataBytes % blockBytes));
  return repaired;
}

function writeLengths(view: DataView, dataBytes: number): void {
  const riffBytes = dataBytes + WAV_HEADER_BYTES - 8;
  if (riffBytes > LENGTH_MAX) throw new WavError('too-big', `${dataBytes} bytes do not fit into a WAV file`);
  view.setUint32(4, riffBytes, true);
  view.setUint32(40, dataBytes, true);
}

function writeAscii(bytes: Uint8Array, offset: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[offset + i] = text.charCodeAt(i);
}

/** The four letters at `offset`. */
export function readAscii(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}
