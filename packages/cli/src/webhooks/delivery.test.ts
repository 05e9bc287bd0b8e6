import type { Delivery, DeliveryFilter } from '@rapida/client';
import { VirtualClock } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { AWAIT_DELIVERY_MS_MAX, awaitDelivery, deliveryLine } from './delivery.js';

const DELIVERY: Delivery = {
  ...{ id: '501', webhookId: '12', callId: null, seq: null, type: 'test', state: 'pending', attempts: 0 },
  ...{ nextAt: 'T2', lastStatus: null, lastError: null, createdAt: 'T1' },
  ...{ deliveredAt: null, payload: {} },
};
const OTHER: Delivery = { ...DELIVERY, id: '502', state: 'delivered', attempts: 1 };

/** What is seen of the delivery at each look; undefined: it is not listed. */
function awaiting(looks: readonly (Partial<Delivery> | undefined)[]) {
  const clock = new VirtualClock();
  const away = new AbortController();
  const asked: DeliveryFilter[] = [];
  const webhooks = {
    deliveries: async (filter: DeliveryFilter = {}) => {
      const seen = looks[Math.min(asked.push(filter), looks.length) - 1];
      return { data: [OTHER, ...(seen === undefined ? [] : [{ ...DELIVERY, ...seen }])], nextCursor: null };
    },
  };
  const seen = awaitDelivery(webhooks, { webhookId: '12', id: '501' }, { clock, signal: away.signal });
  return { clock, away, asked, seen };
}

describe('awaitDelivery', () => {
  it.each([
    ['taken', { state: 'delivered', attempts: 1, nextAt: null }],
    ['given up', { state: 'dead', attempts: 1, nextAt: null }],
    ['refused, and will be tried again', { state: 'pending', attempts: 1, lastStatus: 500 }],
  ] as const)('ends where it was %s', async (_how, outcome) => {
    const { clock, asked, seen } = awaiting([undefined, {}, outcome]);
    await clock.advance(1_000);
    expect(await seen).toEqual({ ...DELIVERY, ...outcome });
    expect(asked).toEqual(Array(3).fill({ webhookId: '12', limit: 200 }));
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends after 30 s with what was seen last', async () => {
    const { clock, asked, seen } = awaiting([{}]);
    await clock.advance(AWAIT_DELIVERY_MS_MAX - 1);
    expect(asked).toHaveLength(60);
    expect(clock.pendingTimers).toBeGreaterThan(0);
    await clock.advance(1);
    expect(await seen).toEqual(DELIVERY);
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends where the signal comes', async () => {
    const { clock, away, seen } = awaiting([undefined]);
    await clock.advance(100);
    away.abort();
    expect(await seen).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });
});

it.each([
  [{}, '501  T1  pending    test  webhook 12  0 attempts, next at T2'],
  [
    { state: 'delivered', attempts: 1, lastStatus: 200, nextAt: null, callId: '99', seq: 3, type: 'call.ended' },
    '501  T1  delivered  call.ended  webhook 12  call 99, event 3  1 attempt: HTTP 200',
  ],
  [
    { attempts: 2, lastError: 'connection refused' },
    '501  T1  pending    test  webhook 12  2 attempts: connection refused, next at T2',
  ],
  [
    { state: 'dead', attempts: 8, lastStatus: 410, lastError: 'gone', nextAt: null },
    '501  T1  dead       test  webhook 12  8 attempts: HTTP 410, gone',
  ],
] as const)('a line tells what became of it: %j', (change, line) => {
  expect(deliveryLine({ ...DELIVERY, ...change })).toBe(line);
});
