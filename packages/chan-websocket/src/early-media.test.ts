import { describe, expect, it } from 'vitest';
import { EarlyMedia } from './early-media.js';

describe('media before MEDIA_START', () => {
  it('is kept in order and given out once', () => {
    const early = new EarlyMedia(100, 10);
    expect([early.push(Buffer.from('one')), early.push(Buffer.from('two'))]).toEqual([0, 0]);
    expect(early.take().map((message) => Buffer.from(message).toString())).toEqual(['one', 'two']);
    expect(early.take()).toEqual([]);
  });

  it('loses its oldest messages when there are too many bytes', () => {
    const early = new EarlyMedia(10, 10);
    early.push(new Uint8Array(4).fill(1));
    early.push(new Uint8Array(4).fill(2));
    expect(early.push(new Uint8Array(8).fill(3))).toBe(2);
    expect(early.take().map((message) => message[0])).toEqual([3]);
  });

  it('loses its oldest messages when there are too many of them, empty ones too', () => {
    const early = new EarlyMedia(1000, 2);
    expect([early.push(new Uint8Array(0)), early.push(Uint8Array.of(2)), early.push(Uint8Array.of(3))]).toEqual([
      0, 0, 1,
    ]);
    expect(early.take().map((message) => message[0])).toEqual([2, 3]);
  });

  it('drops a message that is larger than all the room, and keeps the others', () => {
    const early = new EarlyMedia(10, 10);
    early.push(Uint8Array.of(1));
    expect(early.push(new Uint8Array(11))).toBe(1);
    expect(early.take()).toEqual([Uint8Array.of(1)]);
  });

  it('does not change when the buffer it came in does', () => {
    const early = new EarlyMedia(10, 10);
    const chunk = Buffer.from([7]);
    early.push(chunk);
    chunk[0] = 8;
    expect(early.take()).toEqual([Uint8Array.of(7)]);
  });
});
