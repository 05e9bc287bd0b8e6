import { ChanWebSocketError } from './errors.js';

/** Asterisk reads at most 65,535 bytes including the frame header; this leaves room for it. */
export const MESSAGE_BYTES_MAX = 65_000;

/**
 * Cuts `bytes` into messages of whole frames, each at most `messageBytesMax`, in order and with nothing lost. The results are views.
 * Throws `partial_frame` when `bytes` is not a multiple of `frameBytes`: Asterisk would throw the remainder away.
 */
export function wholeFrameMessages(
  bytes: Uint8Array,
  frameBytes: number,
  messageBytesMax = MESSAGE_BYTES_MAX,
): Uint8Array[] {
  if (bytes.length % frameBytes !== 0) {
    throw new ChanWebSocketError('partial_frame', `${bytes.length} bytes are not whole frames of ${frameBytes}`);
  }
  const stride = Math.max(1, Math.floor(messageBytesMax / frameBytes)) * frameBytes;
  const messages: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += stride) messages.push(bytes.subarray(at, at + stride));
  return messages;
}
