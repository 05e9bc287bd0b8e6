import { expect, it } from 'vitest';
import { transcriptText } from './transcript-text.js';

const caller = {
  role: 'user',
  text: 'when are you open',
  startMs: 7_400,
  endMs: 9_000,
  interrupted: false,
  metrics: {},
} as const;
const cut = { ...caller, role: 'assistant', text: 'We are open', startMs: 61_000, interrupted: true } as const;

it('has a line for each turn: when, who, what', () => {
  expect(transcriptText([caller, { ...cut, interrupted: false }])).toBe(
    '0:07 Caller: when are you open\n1:01 Assistant: We are open\n',
  );
});

it('tells what was cut off apart from what was heard', () => {
  expect(transcriptText([{ ...cut, unheard: 'from nine to five' }])).toBe(
    '1:01 Assistant: We are open [interrupted, not heard: from nine to five]\n',
  );
  expect(transcriptText([cut])).toBe('1:01 Assistant: We are open [interrupted]\n');
  expect(transcriptText([{ ...cut, text: '' }])).toBe('1:01 Assistant: [interrupted]\n');
});
