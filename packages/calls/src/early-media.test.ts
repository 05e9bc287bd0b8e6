import { expect, it } from 'vitest';
import { createEarlyMedia, EARLY_DIGITS_MAX, EARLY_FRAMES_MAX } from './early-media.js';

const frameAt = (atMs: number) => ({ samples: new Int16Array(320), atMs });

it('hands over what came before in order, and then everything at once', () => {
  const early = createEarlyMedia();
  const heard: (number | string)[] = [];
  early.onFrame(frameAt(0));
  early.onDtmf('5');
  early.onFrame(frameAt(20));
  early.deliverTo({ onFrame: (frame) => heard.push(frame.atMs), onDtmf: (digit) => heard.push(digit) });
  early.onFrame(frameAt(40));
  early.onDtmf('6');
  expect(heard).toEqual([0, 20, '5', 40, '6']);
});

it('keeps the newest two seconds and the first digits', () => {
  const early = createEarlyMedia();
  for (let i = 0; i < EARLY_FRAMES_MAX + 3; i++) early.onFrame(frameAt(i * 20));
  for (let i = 0; i < EARLY_DIGITS_MAX + 1; i++) early.onDtmf('1');
  const heard: number[] = [];
  let digits = 0;
  early.deliverTo({ onFrame: (frame) => heard.push(frame.atMs), onDtmf: () => digits++ });
  expect(heard).toHaveLength(100);
  expect(heard[0]).toBe(60);
  expect(digits).toBe(32);
});
