import { type NewCall, type PlacedCall, type PlaceOptions, RapidaApiError } from '@rapida/client';
import { expect, it } from 'vitest';
import type { LinedOrder } from './csv-orders.js';
import { orderBase, orderFrom } from './order.js';
import { placeMany } from './place-many.js';

/** The first number is in the second line of the file. */
function ordersOf(count: number, note = ''): LinedOrder[] {
  const base = orderBase('12', { metadata: [`note=${note}`] });
  return Array.from({ length: count }, (_, index) => ({
    line: index + 2,
    order: orderFrom(base, { to: String(1_000 + index) }),
  }));
}

interface Sent {
  readonly calls: readonly NewCall[];
  readonly key: string | undefined;
}

const REFUSAL = { status: 400, code: 'number_invalid', text: 'phoneCalls[3]: no number; phoneCalls[x]' };

/** Takes every part but the one that is told. */
function taking(refusedPart?: number) {
  const sent: Sent[] = [];
  const createMany = async (calls: readonly NewCall[], { idempotencyKey: key }: PlaceOptions = {}) => {
    sent.push({ calls, key });
    if (sent.length === refusedPart) throw new RapidaApiError(REFUSAL);
    return calls.map(({ to }): PlacedCall => ({ id: `id-${to}`, contextId: 'c', status: 'queued' }));
  };
  return { sent, calls: { createMany } };
}

it('sends parts of at most 1000, in order, each with a key of its own', async () => {
  const { calls, sent } = taking();
  const progress: number[] = [];
  const { placed, refused, error } = await placeMany(calls, ordersOf(2_500), 'k', (count) => progress.push(count));
  expect(sent.map((part) => [part.calls.length, part.key])).toEqual([
    [1_000, 'k-1'],
    [1_000, 'k-2'],
    [500, 'k-3'],
  ]);
  expect(progress).toEqual([1_000, 2_000, 2_500]);
  expect([refused, error]).toEqual([[], undefined]);
  expect(placed).toHaveLength(2_500);
  expect(placed[2_499]).toEqual({ line: 2_501, to: '3499', id: 'id-3499', status: 'queued' });
});

it('sends no body that is larger than the server takes', async () => {
  const { calls, sent } = taking();
  const { placed } = await placeMany(calls, ordersOf(1_000, 'ü'.repeat(2_000)), 'k', () => {});
  expect(placed).toHaveLength(1_000);
  expect(sent.length).toBeGreaterThan(4);
  for (const part of sent) expect(Buffer.byteLength(JSON.stringify(part.calls))).toBeLessThan(1_000_000);
});

it('stops at the first part that is refused, and names the line of the file', async () => {
  const { calls, sent } = taking(2);
  const { placed, refused, error } = await placeMany(calls, ordersOf(2_500), 'k', () => {});
  expect(sent).toHaveLength(2);
  expect(placed).toHaveLength(1_000);
  expect(error).toBe('line 1005: no number; phoneCalls[x] (number_invalid)');
  expect(refused).toHaveLength(1_500);
  expect(refused[0]).toEqual({ line: 1_002, to: '2000', error });
  expect(refused[1_000]).toEqual({ line: 2_002, to: '3000', error: 'not sent' });
});

it('does not take an answer of another length for one', async () => {
  const calls = { createMany: async () => [] };
  const { error, refused } = await placeMany(calls, ordersOf(2), 'k', () => {});
  expect(error).toBe('the server answered with 0 of 2 calls');
  expect(refused).toHaveLength(2);
});
