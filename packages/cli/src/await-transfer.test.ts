import type { CallEvent } from '@rapida/client';
import { VirtualClock } from '@rapida/core/testing';
import { expect, it } from 'vitest';
import { ANSWERED_MS_MAX, awaitTransfer, LEAVES_MS_MAX } from './await-transfer.js';

const event = (type: string, reason?: string): CallEvent => ({
  seq: 1,
  type,
  at: '',
  data: { ...(reason && { reason }) },
});
const GONE = event('call.transferred');
const OLD = event('call.transfer_failed', 'busy');

/** Each look finds the next list, and the last one for ever. */
function awaiting(...looks: readonly (readonly CallEvent[])[]) {
  const clock = new VirtualClock();
  const away = new AbortController();
  let asked = 0;
  let gone = 0;
  const events = async () => [OLD, ...(looks[Math.min(asked++, looks.length - 1)] ?? [])];
  const looking = { clock, signal: away.signal };
  const seen = awaitTransfer({ events }, { id: '99', since: 1 }, looking, () => void gone++);
  return { clock, away, seen, gone: () => gone };
}

it.each([
  [[event('call.transfer_failed', 'not_taken')], { outcome: 'failed', reason: 'not_taken' }, 0],
  [[GONE, event('call.transfer_failed', 'busy')], { outcome: 'failed', reason: 'busy' }, 0],
  [[GONE, event('call.ended'), event('call.transfer_answered')], { outcome: 'answered' }, 0],
])('sees what came of it since the order: %j', async (events, outcome, told) => {
  const { clock, seen, gone } = awaiting([], [], events);
  await clock.advance(1_000);
  expect([await seen, gone(), clock.pendingTimers]).toEqual([outcome, told, 0]);
});

it('tells once that the caller has gone, and waits on for an answer', async () => {
  const { clock, seen, gone } = awaiting([], [GONE], [GONE], [GONE, event('call.transfer_answered')]);
  await clock.advance(1_500);
  expect([await seen, gone()]).toEqual([{ outcome: 'answered' }, 1]);
});

it('is content with a caller who has gone where nobody tells of an answer', async () => {
  const { clock, seen } = awaiting([GONE]);
  await clock.advance(ANSWERED_MS_MAX);
  expect([await seen, clock.pendingTimers]).toEqual([{ outcome: 'transferred' }, 0]);
});

it('does not wait for ever, nor when it is told not to', async () => {
  const waiting = awaiting([]);
  await waiting.clock.advance(LEAVES_MS_MAX);
  expect([await waiting.seen, waiting.clock.pendingTimers]).toEqual([undefined, 0]);
  const left = awaiting([]);
  await left.clock.advance(100);
  left.away.abort();
  expect(await left.seen).toBeUndefined();
});
