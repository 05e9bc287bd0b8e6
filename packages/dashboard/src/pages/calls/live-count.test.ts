import { expect, it } from 'vitest';
import { liveCount } from './live-count.js';

it('says how many are held, on the way and waiting', () => {
  const states = ['connected', 'connected', 'ringing', 'registered', 'queued'] as const;
  expect(liveCount(states.map((state) => ({ state })))).toBe('5 calls now: 2 connected, 2 on the way, 1 waiting');
});

it('leaves out what there is none of', () => {
  expect(liveCount([{ state: 'connected' }])).toBe('1 call now: 1 connected');
});
