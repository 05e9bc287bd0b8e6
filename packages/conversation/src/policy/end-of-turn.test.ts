import { describe, expect, it } from 'vitest';
import { configOf } from '../testing/rehearsal.js';
import { createSilenceTurnDetector } from './end-of-turn.js';

const detector = createSilenceTurnDetector(configOf({ turn: { endpointingMs: 500, endpointingCompleteMs: 300 } }).turn);
const expected = ['When are you open?', 'no', 'no thank you', 'thank you goodbye'];

function neededMs(text: string): number {
  const judge = (silenceMs: number) =>
    detector.judge({ text, rejected: false, silenceMs, expected, lastAssistantText: '' });
  const judgement = judge(0);
  if (judgement.verdict === 'commit') return 0;
  expect(judge(judgement.againInMs).verdict).toBe('commit');
  return judgement.againInMs;
}

describe('the end of a turn', () => {
  it('comes sooner after a whole phrase that was expected, in any spelling', () => {
    expect(neededMs('when are you open')).toBe(300);
    expect(neededMs('No, thank you')).toBe(300);
  });

  it('waits after a phrase that begins a longer one', () => {
    expect(neededMs('no')).toBe(500);
    expect(neededMs('thank you')).toBe(500);
  });

  it('waits after anything else that does not end like a sentence', () => {
    expect(neededMs('when are')).toBe(500);
    expect(neededMs('my number is')).toBe(500);
    expect(neededMs('That is all.')).toBe(300);
  });
});
