import { randomBytes } from 'node:crypto';

/** One WebSocket frame (RFC 6455, section 5.2), not one message: Asterisk sees fragments, and so must its double. */
export interface WireFrame {
  readonly fin: boolean;
  readonly opcode: number;
  /** A view, valid during the call it is handed out in. */
  readonly payload: Buffer;
}

export const OPCODE = Object.freeze({ continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 });

/** Asterisk's AST_WEBSOCKET_MAX_RX_PAYLOAD_SIZE, header included. */
const FRAME_BYTES_MAX = 65_535;

/** Reads frames of a server from chunks of any size. After an outcome other than `ok` it must not be used again. */
export class ServerFrameReader {
  /** The start of an unfinished frame; at most FRAME_BYTES_MAX and one chunk. */
  #pending: Buffer = Buffer.alloc(0);

  push(chunk: Buffer, onFrame: (frame: WireFrame) => void): 'ok' | 'too_big' | 'protocol_error' {
    let rest = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const header = readHeader(rest);
      if (header === undefined) break;
      if (header === 'protocol_error') return header;
      const end = header.headerBytes + header.payloadBytes;
      if (end > FRAME_BYTES_MAX) return 'too_big';
      if (rest.length < end) break;
      onFrame({ fin: header.fin, opcode: header.opcode, payload: rest.subarray(header.headerBytes, end) });
      rest = rest.subarray(end);
    }
    this.#pending = rest.length === 0 ? rest : Buffer.from(rest);
    return 'ok';
  }
}

interface Header {
  readonly fin: boolean;
  readonly opcode: number;
  readonly headerBytes: number;
  readonly payloadBytes: number;
}

function readHeader(bytes: Buffer): Header | undefined | 'protocol_error' {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  // Reserved bits belong to extensions, of which there are none; a server never masks.
  if ((first & 0x70) !== 0 || (second & 0x80) !== 0) return 'protocol_error';
  const header = { fin: (first & 0x80) !== 0, opcode: first & 0x0f };
  if (second < 126) return { ...header, headerBytes: 2, payloadBytes: second };
  if (second === 126)
    return bytes.length < 4 ? undefined : { ...header, headerBytes: 4, payloadBytes: bytes.readUInt16BE(2) };
  return bytes.length < 10 ? undefined : { ...header, headerBytes: 10, payloadBytes: Number(bytes.readBigUInt64BE(2)) };
}

/** One whole masked frame. The payload is copied. At most 65,535 bytes of payload. */
export function clientFrame(opcode: number, payload: Uint8Array): Buffer {
  const long = payload.length > 125;
  const headerBytes = long ? 8 : 6;
  const frame = Buffer.allocUnsafe(headerBytes + payload.length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (long ? 126 : payload.length);
  if (long) frame.writeUInt16BE(payload.length, 2);
  const mask = randomBytes(4);
  mask.copy(frame, headerBytes - 4);
  for (let at = 0; at < payload.length; at += 1) frame[headerBytes + at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
  return frame;
}

/** Payload of a close frame without a reason text. */
export function closePayload(code: number): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return payload;
}
