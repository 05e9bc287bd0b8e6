import { expect, it } from 'vitest';
import { AGAIN_MAX, listenEndWords, listensAgain } from './listen-end.js';

it('listens again where the way was lost, so many times in a row at most', () => {
  for (const end of ['lost', 'too_slow', 'broken'] as const) {
    expect(listensAgain(end, 1)).toBe(true);
    expect(listensAgain(end, AGAIN_MAX)).toBe(true);
    expect(listensAgain(end, AGAIN_MAX + 1)).toBe(false);
  }
});

it('does not where there is nothing more to hear, or nobody wants to', () => {
  for (const end of ['call_ended', 'node_gone', 'closed', 'refused', 'no_sound', 'stopped'] as const) {
    expect(listensAgain(end, 1)).toBe(false);
  }
});

it('tells why, but to whoever stopped it', () => {
  expect(listenEndWords('stopped')).toBeUndefined();
  expect(listenEndWords('call_ended')).toBe('The call has ended.');
  expect(listenEndWords('lost')).toBe('The sound of the call was lost. Listen again.');
});
