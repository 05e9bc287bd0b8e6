import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIGIT_WORDS, isSpokenDigits, NO_PHRASES, understandDigits, understandYesNo, YES_PHRASES } from './answers.js';

describe('understanding digits', () => {
  it.each([
    ['five five five one two three four', '5551234'],
    ['double five triple one', '55111'],
    ['zero oh eight', '08'],
    ['oh eight one five', '0815'],
    ['my number is 555-1234', '5551234'],
    ['+49 30 1234', '49301234'],
    ['no digits at all', ''],
  ])('finds in "%s" the digits "%s"', (said, digits) => {
    expect(understandDigits(said)).toBe(digits);
  });

  it('finds every number that is spoken digit by digit', () => {
    const wordOf = (digit: string) => Object.entries(DIGIT_WORDS).find(([, value]) => value === digit)?.[0] ?? '';
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{1,15}$/), (digits) => {
        const said = [...digits].map(wordOf).join(' ');
        expect(understandDigits(said)).toBe(digits);
        expect(isSpokenDigits(said)).toBe(true);
      }),
    );
  });

  it('tells a number from a sentence with numbers', () => {
    expect(isSpokenDigits('table for two')).toBe(false);
    expect(isSpokenDigits('')).toBe(false);
  });
});

describe('understanding yes and no', () => {
  it.each(YES_PHRASES)('takes "%s" for yes', (said) => {
    expect(understandYesNo(said)).toBe('yes');
  });

  it.each(NO_PHRASES)('takes "%s" for no', (said) => {
    expect(understandYesNo(said)).toBe('no');
  });

  it('takes the keys 1 and 2 for yes and no', () => {
    expect(understandYesNo('1')).toBe('yes');
    expect(understandYesNo('2')).toBe('no');
  });

  it.each(['yes no', 'goodbye', '', '3', '11'])('does not decide on "%s"', (said) => {
    expect(understandYesNo(said)).toBeUndefined();
  });
});
