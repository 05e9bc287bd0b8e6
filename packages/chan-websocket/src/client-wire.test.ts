import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientFrame, OPCODE, ServerFrameReader } from './client-wire.js';

/** Writes a server's frame by hand, as RFC 6455 section 5.2 draws it. */
function serverFrame(opcode: number, payload: Uint8Array): Buffer {
  const length = payload.length;
  if (length < 126) return Buffer.concat([Buffer.from([0x80 | opcode, length]), payload]);
  if (length < 65_536) return Buffer.concat([Buffer.from([0x80 | opcode, 126, length >> 8, length & 255]), payload]);
  const head = Buffer.alloc(10);
  head[0] = 0x80 | opcode;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

describe('reading the frames of a server', () => {
  it('gives the same frames in chunks of any size', () => {
    const payloads = [0, 1, 125, 126, 127, 300, 4000].map((size) => Buffer.alloc(size, size % 251));
    const wire = Buffer.concat(
      payloads.map((payload, at) => serverFrame(at % 2 === 0 ? OPCODE.binary : OPCODE.text, payload)),
    );
    for (const chunkBytes of [1, 2, 3, 5, 7, 64, 1000, wire.length]) {
      const reader = new ServerFrameReader();
      const got: Buffer[] = [];
      for (let at = 0; at < wire.length; at += chunkBytes) {
        expect(reader.push(wire.subarray(at, at + chunkBytes), ({ payload }) => got.push(Buffer.from(payload)))).toBe(
          'ok',
        );
      }
      expect(got).toEqual(payloads);
    }
  });

  it('takes 65,535 bytes with the header and no more, and says so before they have come', () => {
    const fits = serverFrame(OPCODE.binary, Buffer.alloc(65_531));
    expect(new ServerFrameReader().push(fits, () => {})).toBe('ok');
    const tooBig = serverFrame(OPCODE.binary, Buffer.alloc(65_532));
    expect(new ServerFrameReader().push(tooBig.subarray(0, 4), () => {})).toBe('too_big');
    const huge = Buffer.from([0x82, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    expect(new ServerFrameReader().push(huge, () => {})).toBe('too_big');
  });

  it('refuses reserved bits and masks', () => {
    expect(new ServerFrameReader().push(Buffer.from([0xc2, 0]), () => {})).toBe('protocol_error');
    expect(new ServerFrameReader().push(Buffer.from([0x82, 0x80]), () => {})).toBe('protocol_error');
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(['ok', 'too_big', 'protocol_error']).toContain(
          new ServerFrameReader().push(Buffer.from(bytes), () => {}),
        );
      }),
    );
  });
});

describe('writing the frames of a client', () => {
  it('masks every byte, with the length the RFC wants', () => {
    for (const [size, headerBytes] of [
      [0, 2],
      [125, 2],
      [126, 4],
      [65_535, 4],
    ] as const) {
      const payload = Buffer.alloc(size, 0x5a);
      const frame = clientFrame(OPCODE.binary, payload);
      expect(frame.length).toBe(headerBytes + 4 + size);
      expect(frame[0]).toBe(0x82);
      expect(frame[1]! & 0x80).toBe(0x80);
      expect(headerBytes === 2 ? frame[1]! & 0x7f : frame.readUInt16BE(2)).toBe(size);
      const mask = frame.subarray(headerBytes, headerBytes + 4);
      const clear = frame.subarray(headerBytes + 4).map((byte, at) => byte ^ mask[at & 3]!);
      expect(Buffer.from(clear).equals(payload)).toBe(true);
    }
  });
});
