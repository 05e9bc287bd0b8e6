/** RTP (RFC 3550 section 5.1) without extensions of our own; what comes in may carry them. */
export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

const HEADER_BYTES = 12;

export function formatRtp({ payloadType, marker, sequence, timestamp, ssrc, payload }: RtpPacket): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + payload.length);
  packet[0] = 0x80;
  packet[1] = payloadType | (marker ? 0x80 : 0);
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(timestamp >>> 0, 4);
  packet.writeUInt32BE(ssrc >>> 0, 8);
  packet.set(payload, HEADER_BYTES);
  return packet;
}

/** Undefined where it is no RTP of version 2, or shorter than it says. */
export function parseRtp(packet: Buffer): RtpPacket | undefined {
  const first = packet[0] ?? 0;
  const second = packet[1] ?? 0;
  if (packet.length < HEADER_BYTES || first >> 6 !== 2) return undefined;
  let start = HEADER_BYTES + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0 && start + 4 <= packet.length) start += 4 + 4 * packet.readUInt16BE(start + 2);
  const padding = (first & 0x20) === 0 ? 0 : (packet.at(-1) ?? 0);
  if (start + padding > packet.length) return undefined;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    payload: packet.subarray(start, packet.length - padding),
  };
}

const EVENTS = '0123456789*#ABCD';

/** A telephone event (RFC 4733 section 2.3): `duration` in samples since it began, the end flagged in its last packets. */
export function formatTelephoneEvent(digit: string, duration: number, stage: 'pressed' | 'released'): Uint8Array {
  const event = EVENTS.indexOf(digit);
  if (event < 0 || digit.length !== 1) throw new Error(`no key '${digit}' on a telephone`);
  const volume = 10;
  return Uint8Array.of(event, (stage === 'released' ? 0x80 : 0) | volume, duration >> 8, duration & 0xff);
}
