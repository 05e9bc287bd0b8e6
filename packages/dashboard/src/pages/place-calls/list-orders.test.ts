import { describe, expect, it } from 'vitest';
import { ordersFrom } from './list-orders.js';

describe('a list of calls', () => {
  it('has a number a line, and its other columns as metadata', () => {
    const text =
      '\uFEFFto,from,customer\r\n+1 (555) 123-4567,,"Miller, Ann"\r\n\r\n+15550002222,Front desk <100>,x\r\n';
    expect(ordersFrom(text)).toEqual({
      problems: [],
      orders: [
        { line: 2, call: { to: '+15551234567', metadata: { customer: 'Miller, Ann' } } },
        { line: 4, call: { to: '+15550002222', from: 'Front desk <100>', metadata: { customer: 'x' } } },
      ],
    });
  });

  it.each([
    ['', 'The first line needs a column "to"; it has: nothing.'],
    ['number\n1', 'The first line needs a column "to"; it has: number.'],
    ['to,to\n1,2', 'The first line has "to" twice.'],
    ['to,\n1,2', 'The first line has a column without a name.'],
    ['to', 'There are no numbers below the header.'],
    ['to\nabc', 'Line 2, column "to": "abc" is no number to call.'],
    ['to,from\n1,<script>', 'Line 2, column "from": "<script>" is no caller id.'],
    ['to\n1,2', 'Line 2: 2 cells where the first line has 1.'],
    ['to\n"1', 'Line 2: a quotation mark is out of place, or never closed.'],
  ])('that is %j is refused with its line and column', (text, problem) => {
    expect(ordersFrom(text).problems).toEqual([problem]);
  });
});
