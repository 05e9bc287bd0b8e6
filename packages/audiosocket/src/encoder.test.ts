import { describe, expect, it } from 'vitest';
import { encodeAudio, encodeDtmf, encodeFrame, encodeHangup, encodeUuid, writeAudioHeader } from './encoder.js';

describe('encoder', () => {
  it('puts kind and big-endian length before the payload, in one buffer', () => {
    const payload = new Uint8Array(320).fill(7);
    const frame = encodeFrame(0x10, payload);
    expect([...frame.subarray(0, 3)]).toEqual([0x10, 0x01, 0x40]);
    expect(frame.subarray(3)).toEqual(payload);
  });

  it('ends a call with three zero bytes', () => {
    expect([...encodeHangup()]).toEqual([0, 0, 0]);
  });

  it('sends a UUID as 16 raw bytes', () => {
    expect([...encodeUuid('00010203-0405-0607-0809-0A0B0C0D0E0F')]).toEqual([
      1, 0, 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
    ]);
    expect(() => encodeUuid('no uuid')).toThrow(RangeError);
  });

  it('sends a key as one ASCII byte', () => {
    expect([...encodeDtmf('5')]).toEqual([3, 0, 1, 0x35]);
    expect([...encodeDtmf('#')]).toEqual([3, 0, 1, 0x23]);
  });

  it.each(['', '12', 'E', ' ', '٣'])('does not take %j for a key', (text) => {
    expect(() => encodeDtmf(text)).toThrow(RangeError);
  });

  it('chooses the kind of audio by its rate', () => {
    expect([...encodeAudio(8000, Uint8Array.of(1, 2))]).toEqual([0x10, 0, 2, 1, 2]);
    expect([...encodeAudio(16000, Uint8Array.of(1, 2))]).toEqual([0x12, 0, 2, 1, 2]);
    expect(() => encodeAudio(22050, Uint8Array.of(1, 2))).toThrow(RangeError);
  });

  it('sends 65535 bytes and not one more', () => {
    expect([...encodeFrame(0x10, new Uint8Array(65_535)).subarray(0, 3)]).toEqual([0x10, 0xff, 0xff]);
    expect(() => encodeFrame(0x10, new Uint8Array(65_536))).toThrow(RangeError);
  });

  it('writes a header in front of audio that is in place already', () => {
    const out = Uint8Array.of(9, 9, 9, 9, 1, 2);
    expect(writeAudioHeader(out, 1, 0x10, 2)).toBe(4);
    expect([...out]).toEqual([9, 0x10, 0, 2, 1, 2]);
  });

  it.each([
    [-1, 0x10, 0],
    [4, 0x10, 0],
    [0, 256, 0],
    [0, -1, 0],
    [0, 0x10, -1],
    [0, 0x10, 0.5],
    [0, 0x10, 65_536],
  ])('refuses a header at %i for kind %i and %f bytes', (offset, kind, bytes) => {
    expect(() => writeAudioHeader(new Uint8Array(6), offset, kind, bytes)).toThrow(RangeError);
  });
});
