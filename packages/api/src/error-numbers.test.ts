import { ERRORS } from '@rapida/core';
import { expect, it } from 'vitest';
import { ERROR_NUMBERS } from './error-numbers.js';

const NUMBERS = Object.values(ERROR_NUMBERS);

it('numbers every code of the catalogue, and no other', () => {
  expect(Object.keys(ERROR_NUMBERS).sort()).toEqual(Object.keys(ERRORS).sort());
});

it('gives no number twice', () => {
  expect(new Set(NUMBERS).size).toBe(NUMBERS.length);
});

it.each(NUMBERS)('writes %s as an unsigned 64-bit integer in decimal has to be', (number) => {
  expect(number).toMatch(/^[1-9][0-9]{6}$/);
  expect(BigInt.asUintN(64, BigInt(number)).toString()).toBe(number);
});

it.each([
  ['invalid_request', '1001001'],
  ['key_invalid', '1001102'],
  ['assistant_not_found', '1001202'],
  ['webhook_not_found', '1001501'],
  ['number_missing', '1002001'],
  ['number_invalid', '1002002'],
  ['caller_id_invalid', '1002003'],
  ['ari_unreachable', '1002104'],
  ['internal', '1004001'],
] as const)('has told clients that %s is %s, and keeps to it', (code, number) => {
  expect(ERROR_NUMBERS[code]).toBe(number);
});
