import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AudioSocketDecoder } from './decoder.js';
import { encodeFrame } from './encoder.js';

interface Frame {
  kind: number;
  payload: number[];
}

const frames = fc.array(
  fc.record({
    kind: fc.integer({ min: 0, max: 255 }),
    payload: fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 1200 }),
  }),
  { maxLength: 12 },
);

/** Cuts `bytes` into pieces whose sizes repeat the given list. */
function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let offset = 0, turn = 0; offset < bytes.byteLength; turn++) {
    const size = sizes[turn % sizes.length]!;
    chunks.push(bytes.slice(offset, offset + size));
    offset += size;
  }
  return chunks;
}

const chunkSizes = fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 8 });

describe('decoder', () => {
  it('gives back what was encoded, however the bytes are cut', () => {
    fc.assert(
      fc.property(frames, chunkSizes, (sent, sizes) => {
        const bytes = Buffer.concat(sent.map(({ kind, payload }) => encodeFrame(kind, Uint8Array.from(payload))));
        const decoder = new AudioSocketDecoder();
        const got: Frame[] = [];
        for (const chunk of cut(bytes, sizes)) {
          expect(decoder.push(chunk, (kind, payload) => got.push({ kind, payload: [...payload] }))).toEqual({
            ok: true,
          });
          chunk.fill(0xee); // the owner may use its chunk again at once
        }
        expect(got).toEqual(sent);
        expect(decoder.pendingBytes).toBe(0);
      }),
    );
  });

  it('survives garbage without a throw, and holds no more than its limit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 40 }),
        fc.integer({ min: 0, max: 2000 }),
        (chunks, max) => {
          const decoder = new AudioSocketDecoder({ payloadBytesMax: max });
          let pushedBytes = 0;
          for (const chunk of chunks) {
            pushedBytes += chunk.byteLength;
            decoder.push(chunk, (_, payload) => expect(payload.byteLength).toBeLessThanOrEqual(max));
            expect(decoder.heldBytes).toBeLessThanOrEqual(Math.min(max, Math.max(512, 2 * pushedBytes)));
          }
        },
      ),
    );
  });

  it('hands on a view of the chunk when the payload lies within it', () => {
    const chunk = encodeFrame(0x10, new Uint8Array(320));
    const buffers: ArrayBufferLike[] = [];
    new AudioSocketDecoder().push(chunk, (_, payload) => buffers.push(payload.buffer));
    expect(buffers).toEqual([chunk.buffer]);
    expect(buffers[0]).toBe(chunk.buffer);
  });

  it('holds nothing for frames that lie within their chunks', () => {
    const decoder = new AudioSocketDecoder();
    for (let turn = 0; turn < 100; turn++) decoder.push(encodeFrame(0x10, new Uint8Array(320)), () => {});
    expect(decoder.heldBytes).toBe(0);
  });

  it('takes a million chunks of one byte', () => {
    const frame = encodeFrame(
      0x10,
      Uint8Array.from({ length: 997 }, (_, index) => index & 0xff),
    );
    const decoder = new AudioSocketDecoder();
    let count = 0;
    let heldMost = 0;
    for (let index = 0; index < 1_000_000; index++) {
      const at = index % 1000;
      decoder.push(frame.subarray(at, at + 1), (_, payload) => {
        count++;
        if (payload.byteLength !== 997 || payload[996] !== 996 % 256) throw new Error('a wrong payload');
      });
      heldMost = Math.max(heldMost, decoder.heldBytes);
    }
    expect(count).toBe(1000);
    expect(heldMost).toBeLessThanOrEqual(997);
  });

  it('does not reserve what a header only promises', () => {
    const decoder = new AudioSocketDecoder();
    decoder.push(Uint8Array.of(0x10, 0xff, 0xff, 1), () => {});
    expect(decoder.heldBytes).toBeLessThanOrEqual(512);
  });

  it('gives a large buffer back when its frame is done', () => {
    const decoder = new AudioSocketDecoder();
    const frame = encodeFrame(0x10, new Uint8Array(60_000));
    decoder.push(frame.subarray(0, 30_000), () => {});
    expect(decoder.heldBytes).toBeGreaterThanOrEqual(29_997);
    decoder.push(frame.subarray(30_000), () => {});
    expect(decoder.heldBytes).toBe(0);
  });

  it('names the kind of an unfinished frame from its first byte', () => {
    const decoder = new AudioSocketDecoder();
    expect(decoder.pendingKind).toBeUndefined();
    decoder.push(Uint8Array.of(0x03), () => {});
    expect([decoder.pendingKind, decoder.pendingBytes]).toEqual([3, 1]);
    decoder.push(Uint8Array.of(0, 1, 0x35), () => {});
    expect([decoder.pendingKind, decoder.pendingBytes]).toEqual([undefined, 0]);
  });

  it('is poisoned after an error, and says so', () => {
    const decoder = new AudioSocketDecoder({ payloadBytesMax: 1 });
    const refused = decoder.push(Uint8Array.of(0x10, 0, 2, 0, 0), () => {});
    expect(refused).toEqual({ ok: false, error: 'payload_too_large', kind: 0x10, payloadBytes: 2 });
    expect(decoder.push(Uint8Array.of(0, 0, 0), () => expect.unreachable())).toMatchObject({
      ok: false,
      error: 'poisoned',
    });
  });

  it('is poisoned when its sink throws, since the rest of the chunk is lost', () => {
    const decoder = new AudioSocketDecoder();
    const chunk = Uint8Array.of(0, 0, 0, 0, 0, 0);
    expect(() =>
      decoder.push(chunk, () => {
        throw new Error('the sink');
      }),
    ).toThrow('the sink');
    expect(decoder.push(chunk, () => expect.unreachable())).toMatchObject({ error: 'poisoned' });
  });

  it('takes a new limit from inside the sink, for the next frame of the same chunk', () => {
    const decoder = new AudioSocketDecoder({ payloadBytesMax: 1 });
    const lengths: number[] = [];
    const outcome = decoder.push(Uint8Array.of(1, 0, 1, 9, 0x10, 0, 4, 1, 2, 3, 4), (_, payload) => {
      lengths.push(payload.byteLength);
      decoder.payloadBytesMax = 4;
    });
    expect(outcome.ok).toBe(true);
    expect(lengths).toEqual([1, 4]);
  });
});
