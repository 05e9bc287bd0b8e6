import { audioKindForRate, KIND_DTMF, KIND_HANGUP, KIND_UUID } from './kinds.js';
import { parseUuid } from './uuid.js';

export const HEADER_BYTES = 3;
/** The length field has 16 bits. What Asterisk can use is far less: 20 ms per frame. */
export const PAYLOAD_BYTES_LIMIT = 0xffff;

/**
 * Header and payload in one buffer, because they must leave in one write: Asterisk before 20.15 / 22.5 drops the call when
 * a frame arrives in pieces, later ones wait 5 ms. The payload is copied. Throws RangeError above 65535 bytes and for a
 * kind that is no byte.
 */
export function encodeFrame(kind: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + payload.byteLength);
  writeAudioHeader(frame, 0, kind, payload.byteLength);
  frame.set(payload, HEADER_BYTES);
  return frame;
}

/**
 * Writes a header in front of audio that is already in place (`out[offset + 3 ...]`), so a playout can frame without a
 * copy. Returns the offset of the payload. Throws RangeError for a length or kind the header cannot say.
 */
export function writeAudioHeader(out: Uint8Array, offset: number, kind: number, payloadBytes: number): number {
  if (!Number.isInteger(kind) || kind < 0 || kind > 0xff) throw new RangeError(`a kind is one byte, not ${kind}`);
  if (!Number.isInteger(payloadBytes) || payloadBytes < 0 || payloadBytes > PAYLOAD_BYTES_LIMIT) {
    throw new RangeError(`a payload has at most ${PAYLOAD_BYTES_LIMIT} bytes, not ${payloadBytes}`);
  }
  if (offset < 0 || offset + HEADER_BYTES > out.byteLength) throw new RangeError('no room for the header');
  out[offset] = kind;
  out[offset + 1] = payloadBytes >>> 8;
  out[offset + 2] = payloadBytes & 0xff;
  return offset + HEADER_BYTES;
}

/** `00 00 00`. Releases before 20.14 / 22.4 act on the first byte alone, later ones read all three. */
export function encodeHangup(): Uint8Array {
  return encodeFrame(KIND_HANGUP, new Uint8Array(0));
}

/** The first frame of a connection. Throws RangeError for text that is not a UUID of 36 characters. */
export function encodeUuid(text: string): Uint8Array {
  const bytes = parseUuid(text);
  if (bytes === undefined) throw new RangeError('not a UUID');
  return encodeFrame(KIND_UUID, bytes);
}

/** One key as one ASCII byte. Throws RangeError for anything but one of `0-9 * # A-D a-d`. */
export function encodeDtmf(digit: string): Uint8Array {
  if (!/^[0-9*#A-Da-d]$/.test(digit)) throw new RangeError('not a DTMF digit');
  return encodeFrame(KIND_DTMF, Uint8Array.of(digit.charCodeAt(0)));
}

/** Signed 16-bit little-endian mono samples. Throws RangeError for a rate without a kind, or above 65535 bytes. */
export function encodeAudio(rateHz: number, pcmBytes: Uint8Array): Uint8Array {
  const kind = audioKindForRate(rateHz);
  if (kind === undefined) throw new RangeError(`AudioSocket has no kind for ${rateHz} Hz`);
  return encodeFrame(kind, pcmBytes);
}
