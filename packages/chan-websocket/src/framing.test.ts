import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AsteriskQueue } from './asterisk-queue.js';
import { ChanWebSocketError } from './errors.js';
import { mediaFormat } from './formats.js';
import { wholeFrameMessages } from './framing.js';

describe('splitting into messages', () => {
  it('loses nothing, and cuts between frames only', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 700 }),
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 1, max: 2000 }),
        (frameBytes, frames, messageBytesMax) => {
          const bytes = Uint8Array.from({ length: frameBytes * frames }, (_, at) => at % 251);
          const messages = wholeFrameMessages(bytes, frameBytes, messageBytesMax);
          expect(Buffer.concat(messages).equals(bytes)).toBe(true);
          for (const message of messages) {
            expect(message.length % frameBytes).toBe(0);
            expect(message.length).toBeGreaterThan(0);
            expect(message.length).toBeLessThanOrEqual(Math.max(messageBytesMax, frameBytes));
          }
        },
      ),
    );
  });

  it('keeps every message within what Asterisk reads', () => {
    const sizes = wholeFrameMessages(new Uint8Array(640 * 250), 640).map((message) => message.length);
    expect(sizes).toEqual([64_640, 64_640, 30_720]);
  });

  it('brings every frame to the caller, also through the queue of Asterisk', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 900 }),
        fc.integer({ min: 160, max: 65_000 }),
        (frames, messageBytesMax) => {
          const bytes = Uint8Array.from({ length: 160 * frames }, (_, at) => (at * 7) % 253);
          const queue = new AsteriskQueue({
            format: mediaFormat('ulaw')!,
            form: 'json',
            behaviour: '22.10',
            channelId: '1.1',
            say: () => {},
          });
          for (const message of wholeFrameMessages(bytes, 160, messageBytesMax)) queue.takeMedia(message);
          const heard: Uint8Array[] = [];
          for (let frame = queue.tick(); frame !== undefined; frame = queue.tick()) heard.push(frame);
          expect(Buffer.concat(heard).equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('refuses what is not whole frames', () => {
    expect(() => wholeFrameMessages(new Uint8Array(250), 160)).toThrow(ChanWebSocketError);
  });
});
