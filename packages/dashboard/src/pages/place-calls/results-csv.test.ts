import { parseCsv } from '@rapida/client';
import { expect, it } from 'vitest';
import { resultsCsv } from './results-csv.js';

it('gives each call with what stood in the list, and what became of it', () => {
  const order = { assistantId: '1', to: '+15551234567', metadata: { customer: 'Miller, "Ann"', state: 'older' } };
  expect(parseCsv(resultsCsv([{ id: '7', state: 'busy', order }])).map(({ cells }) => cells)).toEqual([
    ['to', 'from', 'customer', 'call_id', 'state'],
    ['+15551234567', '', 'Miller, "Ann"', '7', 'busy'],
  ]);
});
