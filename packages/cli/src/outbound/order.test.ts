import { parseCsv } from '@rapida/client';
import { describe, expect, it } from 'vitest';
import { ordersFromCsv } from './csv-orders.js';
import { numberProblem, type OrderBase, type OrderOptions, orderBase, orderFrom } from './order.js';

const BASE: OrderBase = orderBase('12', {});

describe('an order', () => {
  it('has what the options say', () => {
    const base = orderBase('12', {
      from: 'Desk <+49301>',
      metadata: ['order=12=34', 'empty='],
      arg: ['name=Ann'],
      notBefore: '2030-01-31T09:00:00+01:00',
      ringSeconds: 20,
      attempts: 3,
      retryAfterSeconds: 60,
    });
    expect(orderFrom(base, { to: '+1555' })).toEqual({
      ...{ assistantId: '12', to: '+1555', from: 'Desk <+49301>' },
      metadata: { order: '12=34', empty: '' },
      args: { name: 'Ann' },
      ...{ notBefore: '2030-01-31T09:00:00+01:00', ringSeconds: 20, attempts: 3, retryAfterSeconds: 60 },
    });
  });

  it('leaves out what nobody named', () => {
    const plain = { assistantId: '12', to: '6001', metadata: {}, args: {} };
    expect(orderFrom(BASE, { to: '6001' })).toEqual(plain);
  });

  it.each<[OrderOptions, string]>([
    [{ from: 'x;y' }, '--from "x;y" is no caller id'],
    [{ metadata: ['order'] }, '--metadata order: accepted is name=value'],
    [{ arg: ['=x'] }, '--arg =x: accepted is name=value'],
    [{ arg: [`a=${'x'.repeat(8_192)}`] }, '--arg: larger than 8192 bytes'],
    [{ metadata: Array.from({ length: 51 }, (_, i) => `${i}=x`) }, '--metadata: more than 50 entries'],
    [{ notBefore: 'tomorrow' }, '--not-before tomorrow: accepted is'],
    [{ notBefore: '2030-01-31T09:00:00' }, 'with its zone'],
    [{ notBefore: '2030-13-31T09:00:00Z' }, '--not-before'],
  ])('refuses %j', (options, message) => {
    expect(() => orderBase('12', options)).toThrow(message);
  });

  it.each(['', '+', 'bob', '+1 555', '1'.repeat(33), '6001@evil', '1&PJSIP/2'])(
    'takes no %j for a number',
    (number) => {
      expect(numberProblem(number)).toContain('is no number');
    },
  );

  it.each(['6001', '+15551234567', '*98#', '1'.repeat(32)])('takes %j for one', (number) => {
    expect(numberProblem(number)).toBeUndefined();
  });
});

describe('a list', () => {
  const orders = (text: string, base = BASE) => ordersFromCsv('people.csv', parseCsv(text), base);

  it('makes metadata of every other column, over what holds for all', () => {
    const base = orderBase('12', { from: '+1', metadata: ['name=nobody', 'campaign=spring'] });
    expect(orders('name,to,from\nAnn,+15551,\n\n"Bob, B.",+15552,+2\n', base)).toEqual([
      { line: 2, order: orderFrom(base, { to: '+15551', metadata: { name: 'Ann' } }) },
      { line: 4, order: orderFrom(base, { to: '+15552', from: '+2', metadata: { name: 'Bob, B.' } }) },
    ]);
    expect(orders('name,to,from\nAnn,+15551,\n', base)[0]?.order).toMatchObject({
      from: '+1',
      metadata: { name: 'Ann', campaign: 'spring' },
    });
  });

  it.each([
    ['to\n+1\nbob\n', 'people.csv: nothing was sent: line 3: "bob" is no number'],
    ['to,from\n+1,x;y\n', 'line 2: "x;y" is no caller id'],
    ['to,name\n+1\n', 'line 2: 1 cells where the header has 2'],
    [`to,note\n1,${'x'.repeat(8_200)}\n`, 'line 2: metadata: larger than'],
    ['to\na\nb\nc\nd\ne\nf\ng\n', /line 6: "e" [^;]*; and 2 more$/],
    ['number\n1\n', 'line 1: the header needs a column "to"; it has: number'],
    ['', 'the header needs a column "to"; it has: nothing'],
    ['to\n', 'no numbers below the header'],
    ['to,a,a\n', 'the header has "a" twice'],
    ['to,,a\n', 'a column without a name'],
  ])('refuses %j with its lines', (text, message) => {
    expect(() => orders(text)).toThrow(message);
  });
});
