import { describe, expect, it } from 'vitest';
import { fillIn, spellDigits } from './speakable.js';

describe('making sentences speakable', () => {
  it.each([
    ['7', '7'],
    ['4711', '4 7 1 1'],
    ['47110', '4 7 1, 1 0'],
    ['5551234', '5 5 5, 1 2 3 4'],
    ['0301234567', '0 3 0, 1 2 3, 4 5 6 7'],
  ])('spells %s as "%s"', (digits, spoken) => {
    expect(spellDigits(digits)).toBe(spoken);
  });

  it('fills in values, spells numbers among them and drops what is unknown', () => {
    const values: Record<string, string> = { name: 'Ada', number: '+4930123', table: '12' };
    const filled = fillIn('{{name}}, {{ number }}, {{table}}, {{nobody}} 2026', (name) => values[name]);
    expect(filled).toBe('Ada, 4 9 3, 0 1 2 3, 12, 2026');
  });
});
