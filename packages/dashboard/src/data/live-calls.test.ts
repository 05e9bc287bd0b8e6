import type { Call, CallFilter, CallState } from '@rapida/client';
import { expect, it } from 'vitest';
import { NEWEST_MAX, readLiveCalls } from './live-calls.js';

const call = (id: number, state: CallState) =>
  ({ id: String(id), state, createdAt: new Date(id * 1_000).toISOString() }) as Call;

/** Has these calls, newest first, and answers as the server does. */
function having(...held: readonly Call[]) {
  const asked: CallFilter[] = [];
  const list = async (filter: CallFilter = {}) => {
    asked.push(filter);
    const { state, limit = 50, cursor } = filter;
    const matching = held.filter((one) => state === undefined || one.state === state);
    const from = Number(cursor ?? 0);
    const isLast = from + limit >= matching.length;
    return { data: matching.slice(from, from + limit), nextCursor: isLast ? null : String(from + limit) };
  };
  return { list, asked };
}

const { signal } = new AbortController();
const many = (count: number, state: CallState, from = 0) =>
  Array.from({ length: count }, (_, index) => call(from + count - index, state));

it('reads those that have not ended, and no others', async () => {
  const server = having(call(2, 'connected'), call(1, 'ringing'));
  const { calls, isCut } = await readLiveCalls(server, signal);
  expect(calls.map(({ id }) => id)).toEqual(['2', '1']);
  expect(isCut).toBe(false);
  expect(server.asked).toEqual([{ live: 'true', limit: 200 }]);
});

it('has those of a line before those that wait', async () => {
  const { calls } = await readLiveCalls(having(call(3, 'queued'), call(2, 'connected'), call(1, 'queued')), signal);
  expect(calls.map(({ id }) => id)).toEqual(['2', '3', '1']);
});

it('reads all pages of a list that is longer than one', async () => {
  const { calls, isCut } = await readLiveCalls(having(...many(450, 'queued')), signal);
  expect(calls).toHaveLength(450);
  expect(isCut).toBe(false);
});

it('cuts a list of thousands that wait, and misses none that is on a line behind them', async () => {
  const held = [...many(5_000, 'queued', 10), call(3, 'connected'), call(2, 'ringing')];
  const { calls, isCut } = await readLiveCalls(having(...held), signal);
  expect(isCut).toBe(true);
  expect(calls).toHaveLength(NEWEST_MAX + 2);
  expect(calls.slice(0, 2).map(({ id }) => id)).toEqual(['3', '2']);
});

it('shows a call once that has moved on between two requests', async () => {
  const server = having(...many(1_500, 'connected'));
  const { calls } = await readLiveCalls(server, signal);
  expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length);
});
