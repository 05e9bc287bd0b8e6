import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildEndpoint, isDialableNumber, isTrunkName } from './endpoint.js';

describe('a number', () => {
  it.each(['1', '+15551234567', '*97', '#31#5551234', '1'.repeat(32)])('%s can be dialled', (number) => {
    expect(isDialableNumber(number)).toBe(true);
  });

  it.each([
    '',
    '+',
    '1'.repeat(33),
    '555 1234',
    '555-1234',
    '1@evil',
    '1/2',
    '1&PJSIP',
    '1,2',
    '++1',
    '1+1',
    '1\n',
    'w1',
    '١',
  ])('%j cannot be dialled', (number) => {
    expect(isDialableNumber(number)).toBe(false);
    expect(() => buildEndpoint({ technology: 'PJSIP', trunk: 'trunk', number })).toThrow(TypeError);
  });

  it('never carries anything but digits, * and # behind an optional +', () => {
    const allowed = new Set('0123456789*#');
    const nearlyGood = fc.string({ unit: fc.constantFrom(...'0189*#+/@,& \t\n\u0000;"%$(){}|') });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearlyGood), (number) => {
        const rest = number.startsWith('+') ? number.slice(1) : number;
        const good = rest.length >= 1 && rest.length <= 32 && [...rest].every((each) => allowed.has(each));
        expect(isDialableNumber(number)).toBe(good);
      }),
    );
  });
});

describe('an endpoint', () => {
  it('names the trunk where each technology wants it', () => {
    const number = '+15551234567';
    expect(buildEndpoint({ technology: 'PJSIP', trunk: 'trunk', number })).toBe('PJSIP/+15551234567@trunk');
    expect(buildEndpoint({ technology: 'PJSIP', number: '100' })).toBe('PJSIP/100');
    expect(buildEndpoint({ technology: 'SIP', trunk: 'trunk', number })).toBe('SIP/trunk/+15551234567');
    expect(buildEndpoint({ technology: 'IAX2', trunk: 'a.b-c_1', number })).toBe('IAX2/a.b-c_1/+15551234567');
    expect(buildEndpoint({ technology: 'DAHDI', trunk: 'g0', number: '911' })).toBe('DAHDI/g0/911');
  });

  it.each(['', 'a b', 'a/b', 'a@b', 'a&b', 'a,b', 'é', 'a'.repeat(81)])('refuses the trunk %j', (trunk) => {
    expect(isTrunkName(trunk)).toBe(false);
    expect(() => buildEndpoint({ technology: 'PJSIP', trunk, number: '1' })).toThrow(TypeError);
  });

  it('never dials a second target, whatever it is made of', () => {
    const text = fc.string({ unit: fc.constantFrom(...'01*#+ab.-_&,@/ \n'), maxLength: 12 });
    const technology = fc.constantFrom('PJSIP', 'SIP', 'IAX2', 'DAHDI');
    fc.assert(
      fc.property(technology, fc.option(text, { nil: undefined }), text, (tech, trunk, number) => {
        let endpoint: string;
        try {
          endpoint = buildEndpoint({ technology: tech, number, ...(trunk === undefined ? {} : { trunk }) });
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          expect(isDialableNumber(number) && (trunk === undefined || isTrunkName(trunk))).toBe(false);
          return;
        }
        expect(endpoint).not.toMatch(/[&,\s]/);
        expect(endpoint.split('/').length).toBeLessThanOrEqual(3);
      }),
    );
  });
});
